"""The survey check: figures that reports printed, beside those of the ledger."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.figures import printed
from core.figures.forms import PrintedForm, ReadingForm
from core.figures.printed import BY_KEY, PrintedFigure, checks
from core.forms import ButtonForm, form_for
from core.ledger.pages import form_page
from core.ledger.permits import allow, allow_staff


@login_required
def check(request):
    """Every printed figure of the person's area with its verdict, by report and day."""
    allow_staff(request.user)
    found = checks(request.user)
    page = {"reports": _by_report(found), "may_enter": _may_enter(request.user)}
    return render(request, "figures/check.html", page)


def _may_enter(user) -> bool:
    return user.may("register") and bool(user.area)


def _by_report(found) -> list[dict]:
    reports: dict[tuple, list] = {}
    for one in found:
        reports.setdefault((one.figure.report, one.figure.on), []).append(one)
    return [
        {
            "report": report, "on": on,
            "rows": [{"check": one, "reading": _reading(one.figure)} for one in rows],
        }
        for (report, on), rows in reports.items()
    ]  # fmt: skip


def _reading(figure: PrintedFigure) -> str:
    """What a figure counts, in words."""
    if figure.part not in BY_KEY:
        return ""
    part = str(BY_KEY[figure.part].label)
    if not figure.whole:
        return part
    return _("%(part)s ÷ %(whole)s") % {"part": part, "whole": BY_KEY[figure.whole].label}


@login_required
def printed_new(request):
    allow(request.user, "register")
    today = timezone.localdate()
    last = PrintedFigure.objects.visible_to(request.user).standing().order_by("-pk").first()
    form = form_for(request, PrintedForm)
    if last:  # the next figure is mostly of the same report
        form.initial = {"report": last.report, "on": last.on} | form.initial

    def act():
        given = {k: v for k, v in form.cleaned_data.items() if k != "key"}
        printed.enter(by=request.user, today=today, **given)
        return reverse("figures:check")

    return form_page(
        request, form, act, template="people/form.html", back=reverse("figures:check"),
        title=_("Enter a printed figure"), button=_("Enter"), said=_("The figure is entered."),
    )  # fmt: skip


def _figure(request, pk) -> PrintedFigure:
    allow(request.user, "register")
    return get_object_or_404(PrintedFigure.objects.visible_to(request.user).standing(), pk=pk)


@login_required
def printed_reading(request, pk):
    figure = _figure(request, pk)
    form = form_for(request, ReadingForm, initial={"part": figure.part, "whole": figure.whole})

    def act():
        data = form.cleaned_data
        printed.choose_reading(figure, part=data["part"], whole=data["whole"], by=request.user)
        return reverse("figures:check")

    return form_page(
        request, form, act, template="people/form.html", back=reverse("figures:check"),
        title=_("What does the figure count?"), button=_("Choose this reading"),
        lead=f"{figure.label}: {figure.printed}", said=_("The reading is on record."),
    )  # fmt: skip


@login_required
def printed_back(request, pk):
    figure = _figure(request, pk)
    form = form_for(request, ButtonForm)

    def act():
        printed.take_back(figure, by=request.user, at=timezone.now())
        return reverse("figures:check")

    return form_page(
        request, form, act, template="people/form.html", back=reverse("figures:check"),
        title=_("Take a printed figure back"), button=_("Take back"),
        lead=f"{figure.label}: {figure.printed}", said=_("It is off the page, and stays on record."),
    )  # fmt: skip
