"""Rounds: the list, opening one, how far it is, closing it, and the lists behind its counts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from core.forms import form_for, submit
from core.ledger.pages import form_page
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow, allow_in, allow_staff
from workflows.surveys import rounds as acts
from workflows.surveys.forms import RoundButton, RoundForm
from workflows.surveys.models import SurveyFirm, SurveyRound
from workflows.surveys.pages import SHOWN, filtered, frozen_figures, progress, with_guides
from workflows.surveys.whose import waiting_by_round


@login_required
def rounds(request):
    allow_staff(request.user)
    given = request.GET
    shown = page_of(
        SurveyRound.objects.visible_to(request.user).prefetch_related("areas").defer("figures"),
        by="opened_at", down=True, before=given.get("before", ""), after=given.get("after", ""),
        size=20,
    )  # fmt: skip
    page = {
        "shown": shown, "may_open": request.user.may("open_surveys"),
        "waiting": waiting_by_round(request.user, on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "surveys/rounds.html", page)


@login_required
def round_new(request):
    allow(request.user, "open_surveys")
    form = form_for(request, RoundForm, by=request.user, on=timezone.localdate())

    def act():
        now = timezone.now()
        made = acts.open_round(by=request.user, on=timezone.localdate(now), at=now, **form.wishes())
        return made.get_absolute_url()

    return form_page(
        request, form, act, template="ledger/form.html", back=reverse("surveys:rounds"),
        title=_("Open a survey round"), button=pgettext("survey", "Open the round"),
        said=_("The round is open. Its firms are in the inboxes of those who answer."),
    )  # fmt: skip


def _round(request, pk) -> SurveyRound:
    rows = SurveyRound.objects.visible_to(request.user).select_related("opened_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


def _rows(made: SurveyRound, user):
    return SurveyFirm.objects.visible_to(user).filter(round=made)


@login_required
def round_page(request, pk):
    """How far a round is, as far as one sees it; once closed, what it found and the figures then."""
    allow_staff(request.user)
    made = _round(request, pk)
    lines = progress(_rows(made, request.user))
    opens = request.user.may("open_surveys") and not made.over
    page = {
        "round": made, "lines": lines, "total": lines[-1] if lines else None,
        "figures": frozen_figures(made) if request.user.may("open_surveys") else [],
        "opens": opens, "cancels": opens and lines and not lines[-1]["answered"],
        "close": RoundButton(auto_id="close_%s"), "cancel": RoundButton(auto_id="cancel_%s"),
    }  # fmt: skip
    return render(request, "surveys/round.html", page)


@login_required
def firms(request, pk):
    """The firms behind a count, as they stand now; of a closed round, as they were said then."""
    allow_staff(request.user)
    made, given = _round(request, pk), request.GET
    rows, show, town = filtered(_rows(made, request.user), given)
    shown = page_of(
        rows, by="firm__pinyin", down=False, before=given.get("before", ""),
        after=given.get("after", ""), along=("firm", "answered_by"),
    )  # fmt: skip
    page = {
        "round": made, "shown": shown, "rows": with_guides(shown.rows), "counted": counted(rows),
        "show": show, "town": town, "label": SHOWN[show][0] if show else "",
        "tabs": [(name, label) for name, (label, _which) in SHOWN.items()],
    }  # fmt: skip
    return render(request, "surveys/firms.html", page)


@login_required
@require_POST
def round_close(request, pk):
    return _button(
        request, pk,
        lambda made, now: acts.close_round(
            made, by=request.user, on=timezone.localdate(now), at=now
        ),
        _("The round is closed; what it found is kept as it is."),
    )  # fmt: skip


@login_required
@require_POST
def round_cancel(request, pk):
    return _button(
        request, pk, lambda made, now: acts.cancel_round(made, by=request.user, at=now),
        _("The round is cancelled."),
    )  # fmt: skip


def _button(request, pk, do, said: str):
    allow(request.user, "open_surveys")
    made = _round(request, pk)
    allow_in(request.user, "open_surveys", made.county)
    form = RoundButton(request.POST)

    def act():
        do(made, timezone.now())
        return made.get_absolute_url()

    if form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, said)
        return answer
    for sentence in form.non_field_errors():
        messages.error(request, sentence)
    return redirect(made)
