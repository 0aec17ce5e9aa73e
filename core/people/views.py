"""Members of a firm."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import form_for
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow, not_closed
from core.people import acts
from core.people.forms import MemberForm, MemberKindForm, MemberLeftForm
from core.people.models import Member


def firm_to_fill(request, pk, verb: str) -> Firm:
    """The firm of the address, if this person sees it, has the verb and it is not closed."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, verb)
    not_closed(firm)
    return firm


@login_required
def member_new(request, pk):
    firm = firm_to_fill(request, pk, "keep_members")
    form = form_for(request, MemberForm)
    case = reverse("coverage:case", args=[pk])

    def act():
        acts.record_member(firm, by=request.user, on=timezone.localdate(), **form.entry())
        return case

    return form_page(
        request, form, act, template="people/form.html", firm=firm, back=case,
        title=_("Record a member"), button=_("Record"), said=_("The member is on record."),
    )  # fmt: skip


def _member(request, pk) -> Member:
    seen = Member.objects.visible_to(request.user).select_related("firm", "branch")
    allow(request.user, "keep_members")
    return get_object_or_404(seen, pk=pk)


@login_required
def member(request, pk):
    """The card with the whole name. That it was looked at is written down first."""
    found = _member(request, pk)
    acts.look_at_card(found, by=request.user)
    page = {"member": found, "may_change": found.until is None}
    return render(request, "people/member.html", page)


@login_required
def member_left(request, pk):
    found = _member(request, pk)
    form = form_for(request, MemberLeftForm)
    back = _home_of(found)

    def act():
        acts.member_left(
            found, by=request.user, on=timezone.localdate(), **form.entry()
        )  # fmt: skip
        return back

    return form_page(
        request, form, act, template="people/form.html", firm=found.firm, back=back,
        title=_("%(name)s left") % {"name": found.masked_name}, button=_("Record"),
        said=_("It is on record that the member left."),
    )  # fmt: skip


@login_required
def member_kind(request, pk):
    found = _member(request, pk)
    form = form_for(request, MemberKindForm)
    back = _home_of(found)

    def act():
        acts.change_kind(found, by=request.user, on=timezone.localdate(), **form.entry())
        return back

    return form_page(
        request, form, act, template="people/form.html", firm=found.firm, back=back,
        title=_("%(name)s: new kind of membership") % {"name": found.masked_name},
        lead=_("Up to now: %(kind)s.") % {"kind": found.get_kind_display()},
        button=_("Record"), said=_("The new kind of membership is on record."),
    )  # fmt: skip


def _home_of(member: Member) -> str:
    if member.firm_id:
        return reverse("coverage:case", args=[member.firm_id])
    return reverse("ledger:branch", args=[member.branch_id])
