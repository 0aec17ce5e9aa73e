"""Branches: the list, one branch with its firms, and founding an affiliated one."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import form_for
from core.ledger import acts
from core.ledger.forms import BranchForm
from core.ledger.models import Branch, Firm
from core.ledger.pages import form_page
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow, allow_staff
from core.ledger.search import tidy
from core.ledger.stages import Operation
from core.people.models import Member
from core.rulebook import rule

IN_OPERATION = ~Q(firms__operation=Operation.CLOSED)


@login_required
def branches(request):
    """Standing branches, by name; `kind` narrows, `q` searches the name and the secretary."""
    allow_staff(request.user)
    given = request.GET
    found = Branch.objects.visible_to(request.user).standing()
    kind = given.get("kind", "")
    if kind in Branch.Kind.values:
        found = found.filter(kind=kind)
    typed = tidy(given.get("q", ""))
    if typed:
        found = found.filter(Q(name__icontains=typed) | Q(secretary__icontains=typed))
    shown = page_of(
        found.select_related("line").annotate(
            firms_now=Count("firms", filter=IN_OPERATION, distinct=True)
        ),
        by="name", down=False, before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    page = {
        "shown": shown, "counted": counted(found), "q": typed, "kind": kind,
        "kinds": Branch.Kind.choices, "may_found": request.user.may("register"),
        "firms_at_most": rule("affiliated_branch_firms", on=timezone.localdate()).value,
    }  # fmt: skip
    return render(request, "ledger/branches.html", page)


@login_required
def branch(request, pk):
    """One branch: its firms within reach, and how many more there are; members as numbers."""
    found = get_object_or_404(
        Branch.objects.visible_to(request.user).select_related("line"), pk=pk
    )  # fmt: skip
    firms = found.firms.counted()
    most = rule("affiliated_branch_firms", on=timezone.localdate())
    seen = list(
        Firm.objects.visible_to(request.user).filter(pk__in=firms.values("pk")).order_by("pinyin")
    )
    have = firms.count()
    page = {
        "branch": found,
        "firms": seen,
        "beyond": have - len(seen),
        "too_many": found.kind == Branch.Kind.AFFILIATED and have > most.value and most.says,
        "members": _member_counts(found, request.user),
    }
    return render(request, "ledger/branch.html", page)


def _member_counts(branch: Branch, user) -> list[tuple[str, int]]:
    """Like the firms: only those within reach, and none for who keeps no members."""
    here = Member.objects.visible_to(user).here().filter(branch=branch).order_by()
    have = dict(here.values_list("kind").annotate(have=Count("pk")))
    return [(label, have[kind]) for kind, label in Member.Kind.choices if kind in have]


@login_required
def branch_new(request):
    allow(request.user, "register")
    form = form_for(request, BranchForm, user=request.user)

    def act():
        today = timezone.localdate()
        made = acts.found_affiliated_branch(by=request.user, on=today, **form.entry())
        return reverse("ledger:branch", args=[made.pk])

    return form_page(
        request, form, act, template="ledger/form.html", back=reverse("ledger:branches"),
        title=_("Found an affiliated branch"), button=_("Found"),
        lead=_("Firms join it one by one, each by a proposal on the firm's own page."),
        said=_("The branch is founded."),
    )  # fmt: skip
