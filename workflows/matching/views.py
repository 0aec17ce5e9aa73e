from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.forms import ButtonForm, form_for, submit
from core.ledger.paging import Page, page_of
from core.ledger.permits import allow
from core.people.free import bar, limits
from core.receipts import once
from workflows.assignments.acts import open_pairs
from workflows.matching import acts, pages
from workflows.matching.forms import AT_ONCE, AreaForm, RowsForm
from workflows.matching.making import guides_of
from workflows.matching.models import Board


@login_required
def boards(request):
    """The choice of an area, and the boards that were made before."""
    allow(request.user, "propose_assignment")
    today = timezone.localdate()
    form = form_for(request, AreaForm, user=request.user, on=today)
    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, form.start)):
        return answer
    given, made = request.GET, Board.objects.visible_to(request.user).defer("had", "barred")
    shown = page_of(
        made, by="created", down=True, before=given.get("before", ""), after=given.get("after", ""),
        size=10, along=("area", "by", "making"),
    )  # fmt: skip
    page = {"form": form, "shown": shown, "free": _free(request.user, today)}
    return render(request, "matching/board.html", page, status=422 if form.errors else 200)


def _free(user, today) -> int:
    """How many instructors may take a further firm."""
    bounds, taken = limits(on=today, above_usual=False), {}
    for _firm, guide in open_pairs(user.county):
        taken[guide] = taken.get(guide, 0) + 1
    guides = guides_of(user, user.county).with_load()
    return sum(
        not bar(guide, guide.load + taken.get(guide.pk, 0), bounds, on=today) for guide in guides
    )  # fmt: skip


@login_required
def pairs(request, pk):
    """A board: how far it is while it is worked on; then its rows, to be decided."""
    allow(request.user, "propose_assignment")
    board = _board(request, pk)
    if job := acts.running(board):
        return render(request, "matching/working.html", {"board": board, "job": job})
    rows = board.rows.visible_to(request.user)
    counted = pages.counts(rows)
    show = request.GET.get("show", "")
    if show not in pages.SHOWN:
        show = next((name for name, many in counted.items() if many), "undecided")
    shown = _page_of_rows(request, rows, show)
    posted = request.POST if request.method == "POST" else None
    form = RowsForm(posted, rows=shown.rows, user=request.user)
    if posted is not None and form.is_valid():
        now = timezone.now()
        done = form.carry_out(on=timezone.localdate(now), at=now)
        _say(request, done, kept=not form.errors)
        if not form.errors:
            return redirect(request.get_full_path())
        shown = _page_of_rows(request, rows, show)  # some of them were kept or put forward
    page = {
        "board": board, "form": form, "shown": shown, "show": show, "counted": counted,
        "tabs": pages.tabs(counted, show), "rows": pages.filled(shown.rows, form),
        "spread": pages.spread(board), "barred": pages.barred(board), "button": ButtonForm(),
    }  # fmt: skip
    return render(request, "matching/pairs.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def accept_all(request, pk):
    """Have the whole board put forward, in the background."""
    allow(request.user, "propose_assignment")
    board = _board(request, pk)
    form = ButtonForm(request.POST)
    if not form.is_valid():  # a key that is none: what is there, is shown
        return redirect(board)
    key = form.cleaned_data["key"]
    act = partial(acts.accept_all, board, by=request.user, key=key)
    return redirect(once(key, by=request.user, act=lambda: act().get_absolute_url()))


def _board(request, pk) -> Board:
    found = Board.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("area", "by", "making", "accepting"), pk=pk)


def _page_of_rows(request, rows, show: str) -> Page:
    """A page of a tab; of what was sent, the rows that it was about, also when they were decided
    meanwhile."""
    given = request.GET
    if request.method == "POST":
        sent = [n for n in request.POST.getlist("here") if n.isascii() and n.isdigit() and len(n) < 19]
        rows = rows.filter(pk__in=sent[:AT_ONCE]).select_related("firm", "instructor")
        return Page(list(rows.order_by("firm__pinyin", "pk")), None, None)
    rows = rows.filter(pages.SHOWN[show][1])
    return page_of(
        rows, by="firm__pinyin", down=False, before=given.get("before", ""),
        after=given.get("after", ""), size=AT_ONCE, along=("firm", "instructor"),
    )  # fmt: skip


def _say(request, done: dict[str, int], *, kept: bool) -> None:
    if many := done["proposed"]:
        said = ngettext("%(many)d firm was put forward.", "%(many)d firms were put forward.", many)
        messages.success(request, said % {"many": many})
    if many := done["refused"]:
        said = ngettext(
            "%(many)d firm could not be put forward; the reason stands beside it.",
            "%(many)d firms could not be put forward; the reason stands beside each.", many,
        )  # fmt: skip
        messages.warning(request, said % {"many": many})
    if kept and not any(done.values()):
        messages.info(request, _("Kept."))
