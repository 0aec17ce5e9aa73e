"""What an instructor did at a firm: the note of it, and everything that was noted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from core.forms import form_for, submit
from core.ledger.models import Firm
from core.ledger.paging import page_of
from core.people import acts
from core.people.contacts import next_contact
from core.people.forms_guidance import GuidanceForm
from core.people.models import GuidanceRecord
from core.people.plan import plan_for
from core.people.views import firm_to_fill

OWN_TEXTS, LOOKED_THROUGH = 3, 20  # of one's own sentences, among the newest records
OFFERED = 5  # sentences: one glance on a phone
SHORT = 60  # characters: longer texts were about one visit
ADDRESS_AT_MOST = 200  # characters


def _back(request, firm: Firm) -> str:
    """The page of ours that the person came from, as the address says; else the firm's."""
    page = request.GET.get("next", "")
    ours = page.startswith("/") and not page.startswith("//")
    ours = ours and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    fits = len(page) <= ADDRESS_AT_MOST and page.isprintable()
    return page if ours and fits else reverse("coverage:case", args=[firm.pk])


def _usual(firm: Firm, user, kind: str) -> list[str]:
    """Sentences to take over: short ones that this person wrote before, and the plan's."""
    rows = GuidanceRecord.objects.visible_to(user).filter(by=user, kind=kind).order_by("-pk")
    own = [done for done in rows.values_list("done", flat=True)[:LOOKED_THROUGH] if len(done) <= SHORT]
    usual = plan_for(firm).usual
    return [*dict.fromkeys([*list(dict.fromkeys(own))[:OWN_TEXTS], *usual])][:OFFERED]


def _said(request, firm: Firm, back: str, on, kind: str) -> str:
    """What the person is told, with the firm to go to next."""
    said = {
        GuidanceRecord.Kind.VISIT: _("The visit is on record."),
        GuidanceRecord.Kind.CALL: _("The call is on record."),
    }.get(kind, _("The guidance is on record."))
    after = next_contact(request.user, firm, on=on)
    if after is None:
        return said
    due = _("no visit yet") if after.due is None else date_format(after.due)
    here = reverse("people:guidance_new", args=[after.firm.pk])
    return format_html(
        '{} {} <a href="{}?{}">{}</a> ({})',
        said, _("The next visit:"), here, urlencode({"next": back}), after.firm.name, due,
    )  # fmt: skip


@login_required
def guidance_new(request, pk):
    firm, today = firm_to_fill(request, pk, "record_guidance"), timezone.localdate()
    wanted = request.GET.get("kind", "")
    given = {"initial": {"kind": wanted}} if wanted in GuidanceRecord.Kind.values else {}
    form = form_for(request, GuidanceForm, firm=firm, on=today, **given)
    back = _back(request, firm)

    def act():
        acts.record_guidance(
            firm, by=request.user, on=today, key=form.cleaned_data["key"], **form.entry()
        )
        return back

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, _said(request, firm, back, today, form.cleaned_data["kind"]))
        return answer
    form.usual = _usual(firm, request.user, form["kind"].value())
    page = {"form": form, "firm": firm, "back": back, "plan": plan_for(firm)}
    return render(request, "people/guidance_form.html", page, status=422 if form.errors else 200)


@login_required
def guidance(request, pk):
    """Everything that was done for a firm, newest first."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    records = GuidanceRecord.objects.visible_to(request.user).filter(firm=firm).select_related("by")
    given = request.GET
    shown = page_of(
        records, by="on", down=True, before=given.get("before", ""), after=given.get("after", "")
    )
    return render(request, "people/guidance.html", {"firm": firm, "shown": shown})
