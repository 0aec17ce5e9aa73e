"""Lists of authorities: bring one in, see what differs from the ledger, decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.forms import ButtonForm, form_for, submit
from core.ledger.forms import FirmForm
from core.ledger.pages import form_page
from core.ledger.paging import Page, page_of
from core.ledger.permits import allow
from core.receipts import once
from workflows.reconciling import acts, pages
from workflows.reconciling.deciding import decide, may_take_back, take_back, try_all
from workflows.reconciling.forms import DecideForm, ListForm
from workflows.reconciling.models import AuthorityList, Decision, ListRow
from workflows.reconciling.ready import prefill

AT_ONCE = 50  # rows of a page


@login_required
def lists(request):
    """Bring a list in; the lists of one's office."""
    allow(request.user, "reconcile")
    today = timezone.localdate()
    form = form_for(request, ListForm, on=today)

    def act():
        made = acts.bring(form.entries, by=request.user, today=today, **form.wishes())
        return made.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    given = request.GET
    shown = page_of(
        AuthorityList.objects.visible_to(request.user).defer("rows"), by="created", down=True,
        before=given.get("before", ""), after=given.get("after", ""), size=10,
    )  # fmt: skip
    page = {"form": form, "shown": shown}
    return render(request, "reconciling/lists.html", page, status=422 if form.errors else 200)


def _list(request, pk) -> AuthorityList:
    rows = AuthorityList.objects.visible_to(request.user).defer("rows")
    return get_object_or_404(rows.select_related("by", "job"), pk=pk)


@login_required
def authority_list(request, pk):
    """How far the comparing is; then what differs, to be decided row by row or many at once."""
    allow(request.user, "reconcile")
    made = _list(request, pk)
    if job := pages.running(made):
        return render(request, "reconciling/working.html", {"list": made, "job": job})
    rows = made.findings.visible_to(request.user)
    counted = pages.counts(rows)
    show = request.GET.get("show", "")
    if show not in pages.SHOWN:
        show = next((name for name, many in counted.items() if many), "new")
    shown = _page_of_rows(request, rows, show)
    posted = request.POST if request.method == "POST" else None
    form = DecideForm(posted, rows=shown.rows, user=request.user)
    if posted is not None and form.is_valid():
        _decide(request, form)
        return redirect(request.get_full_path())
    on = timezone.localdate()
    page = {
        "list": made, "form": form, "shown": shown, "show": show, "counted": counted,
        "tabs": pages.tabs(counted, show), "choices": pages.choices(show),
        "rows": pages.filled(shown.rows, by=request.user, on=on), "button": ButtonForm(),
        "takes_back": {row.pk for row in shown.rows if may_take_back(row)},
    }  # fmt: skip
    return render(request, "reconciling/list.html", page, status=422 if form.errors else 200)


def _page_of_rows(request, rows, show: str) -> Page:
    """A page of a tab; of what was sent, the rows that it was about, also when they were decided
    meanwhile."""
    given, along = request.GET, ("firm", "by", "made")
    if request.method == "POST":
        sent = [n for n in request.POST.getlist("here") if n.isascii() and n.isdigit() and len(n) < 19]
        rows = rows.filter(pk__in=sent[:AT_ONCE]).select_related(*along)
        return Page(list(rows.order_by("pk")), None, None)
    return page_of(
        rows.filter(pages.SHOWN[show][1]), by="pk", down=False, before=given.get("before", ""),
        after=given.get("after", ""), size=AT_ONCE, along=along,
    )  # fmt: skip


def _decide(request, form) -> None:
    """Each row by itself, once for each time that the form was made."""
    now, chosen = timezone.now(), form.cleaned_data

    def act() -> str:
        done = try_all(
            form.chosen, form.decision, by=request.user, on=timezone.localdate(now), at=now,
            reason=chosen["reason"], moves_to=chosen["moves_to"],
        )  # fmt: skip
        _say(request, done, len(form.chosen) - done)
        return request.get_full_path()

    once(chosen["key"], by=request.user, act=act)


def _say(request, done: int, refused: int) -> None:
    if done:
        said = ngettext("%(many)d row is decided.", "%(many)d rows are decided.", done)
        messages.success(request, said % {"many": done})
    if refused:
        said = ngettext(
            "%(many)d row could not be decided; why, stands beside it.",
            "%(many)d rows could not be decided; why, stands beside each.", refused,
        )  # fmt: skip
        messages.warning(request, said % {"many": refused})


def _row(request, pk) -> ListRow:
    rows = ListRow.objects.visible_to(request.user).select_related("list", "firm")
    return get_object_or_404(rows, pk=pk)


@login_required
def add(request, pk):
    """The form of a new firm, prefilled with what the list says; saved, the row is decided."""
    allow(request.user, "reconcile")
    row = _row(request, pk)
    form = form_for(request, FirmForm, user=request.user, initial=prefill(row, by=request.user))

    def act():
        now = timezone.now()
        decide(
            row, Decision.ADD, by=request.user, on=timezone.localdate(now), at=now, entry=form.entry()
        )
        return f"{row.list.get_absolute_url()}?show={row.kind}"

    return form_page(
        request, form, act, template="ledger/firm_form.html", back=row.list.get_absolute_url(),
        said=_("The firm is in the ledger."),
    )  # fmt: skip


@login_required
@require_POST
def undo(request, pk):
    allow(request.user, "reconcile")
    row = _row(request, pk)
    form, back = ButtonForm(request.POST), f"{row.list.get_absolute_url()}?show={row.kind}"

    def act():
        take_back(row, by=request.user, on=timezone.localdate())
        messages.success(request, _("The row is to be decided again."))
        return back

    if form.is_valid() and (answer := submit(request, form, act)):
        return answer
    for sentence in form.non_field_errors():
        messages.error(request, sentence)
    return redirect(reverse("reconciling:list", args=[row.list_id]))
