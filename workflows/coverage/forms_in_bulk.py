"""The approval forms of a whole township as one PDF: printed in parts, bound, and written down.

A part is printed once and kept until all are bound. What was printed is written down at the end,
with the same transaction that keeps how far this went: once, however often a part is done again.
"""

import io
from datetime import date, timedelta
from pathlib import Path

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.audit.record import record
from core.days import midnight
from core.errors import Refused
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.ledger.scope import within
from core.ledger.stages import Verb
from core.papers import paper
from workflows.coverage.models import TransitionRequest
from workflows.coverage.paper import approval_facts, number

KIND, PAPER, COVER = "approval_forms", "approval_form", "approval_forms"
PART = 20  # forms in one part: what is kept in memory, and what a death costs
WRITTEN = 50  # printed requests that are written down in one transaction
AT_MOST = 2000  # forms in one file
Outcome = TransitionRequest.Outcome


def decided(user, township: str, since: date, until: date):
    """The requests of a township that were approved or rejected between two days, both included,
    as far as the person sees them."""
    return (
        TransitionRequest.objects.visible_to(user)
        .filter(within(township), outcome__in=(Outcome.APPROVED, Outcome.REJECTED))
        .filter(finished__gte=midnight(since), finished__lt=midnight(until + timedelta(days=1)))
    )


def check(many: int) -> None:
    """Raises Refused when there is nothing to print, or too much for one file."""
    if not many:
        raise Refused(
            Refused.NOT_NOW,
            _("Nothing was decided in this township in these days. Choose other days."),
        )
    if many > AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("These are %(many)d forms; one file takes %(most)d. Choose a shorter period.")
            % {"many": many, "most": AT_MOST},
        )


@job(
    KIND,
    label=gettext_lazy("Approval forms of a township"),
    title=gettext_lazy("Approval forms of {place}, decided from {since} to {until}"),
    verb="print_many",
)
def print_forms(work):
    """The steps of the job. Its checkpoint holds the requests, in the order of the file, and for
    each part that was printed the pages of its forms."""
    kept = work.checkpoint or {"requests": _chosen(work), "parts": [], "written": 0}
    every = len(kept["requests"])
    if not work.checkpoint:
        yield Step(0, every, kept)
    parts = [kept["requests"][at : at + PART] for at in range(0, every, PART)]
    kept["parts"] = _there(work.folder, kept["parts"])
    for place in range(len(kept["parts"]), len(parts)):
        before = place * PART
        pages = yield from _print(work, parts[place], _part(work.folder, place), before, every)
        kept["parts"].append(pages)
        yield Step(before + len(parts[place]), every, kept)
    printed = [pk_pages for part in kept["parts"] for pk_pages in part]
    check(len(printed))
    whole = work.folder / "forms.pdf"
    if not (kept["written"] and whole.is_file()):
        replace(whole, _bind(work, printed, len(parts)))
    while kept["written"] < len(printed):
        some = [pk for pk, _pages in printed[kept["written"] :][:WRITTEN]]
        kept["written"] += len(some)
        yield Step(every, every, kept, lambda some=some: _write_down(some, work.by))
    return Result(whole, _file_name(work), "application/pdf")


def _chosen(work) -> list[int]:
    given = work.given
    days = date.fromisoformat(given["since"]), date.fromisoformat(given["until"])
    rows = decided(work.by, given["township"], *days).order_by("finished", "pk")
    chosen = list(rows.values_list("pk", flat=True))
    check(len(chosen))
    return chosen


def _part(folder: Path, place: int) -> Path:
    return folder / "parts" / f"{place:04}.pdf"


def _there(folder: Path, parts: list) -> list:
    """The parts as far as their files are still there."""
    lost = (n for n in range(len(parts)) if not _part(folder, n).is_file())
    return parts[: next(lost, len(parts))]


def _requests(pks, user) -> list[TransitionRequest]:
    """In the given order; what this person does not see any more is left out."""
    rows = TransitionRequest.objects.visible_to(user).select_related("firm", "firm__line", "branch")
    found = {asked.pk: asked for asked in rows.filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


def _print(work, pks, path: Path, before: int, every: int):
    """Print some forms into a file; gives (request, pages) for each.

    Raises Refused with the firm's name for a character that no font has.
    """
    sheaf, pages, now = paper.Sheaf(), [], timezone.localtime()
    requests = _requests(pks, work.by)
    for done, asked in enumerate(requests, start=1):
        pages.append([asked.pk, sheaf.add(PAPER, approval_facts(asked, work.by, at=now))])
        yield Step(before + done, every)
    if not requests:
        replace(path, b"")
        return pages
    try:
        replace(path, sheaf.pdf())
    except paper.PaperError as refusal:
        named = [
            _("%(firm)s: %(why)s") % {"firm": requests[place].firm.name, "why": why}
            for place, why in sheaf.lacking().items()
        ]
        raise Refused(refusal.code, " ".join(named) or str(refusal)) from refusal
    return pages


# ── binding ────────────────────────────────────────────────────────────────────────────────────
def _bind(work, printed: list, parts: int) -> bytes:
    """The table of pages and all parts as one PDF, with a bookmark for each form."""
    requests = {asked.pk: asked for asked in _requests([pk for pk, _n in printed], work.by)}
    cover, first = _cover(work, printed, requests)
    with pikepdf.open(io.BytesIO(cover)) as whole:
        for place in range(parts):
            path = _part(work.folder, place)
            if path.stat().st_size:
                with pikepdf.open(path) as part:
                    whole.pages.extend(part.pages)
        with whole.open_outline() as outline:
            for (pk, _pages), page in zip(printed, first, strict=True):
                if pk in requests:
                    outline.root.append(pikepdf.OutlineItem(requests[pk].firm.name, page - 1))
        bound = io.BytesIO()
        whole.save(bound, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return bound.getvalue()


def _cover(work, printed: list, requests: dict) -> tuple[bytes, list[int]]:
    """The table of pages, and on which page of the file each form begins. How long the table is
    decides where the forms begin, so it is laid out twice when it is longer than a page."""
    own = 1
    while True:
        first = _begins(printed, own)
        sheaf = paper.Sheaf()
        have = sheaf.add(COVER, _contents(work, printed, requests, first))
        if have == own:
            return sheaf.pdf(), first
        own = have


def _begins(printed: list, own: int) -> list[int]:
    first, page = [], own + 1
    for _pk, pages in printed:
        first.append(page)
        page += pages
    return first


def _contents(work, printed, requests, first) -> dict:
    given = work.given
    rows = [
        {
            "number": number(asked), "firm": asked.firm.name, "move": Verb(asked.verb).label,
            "outcome": Outcome(asked.outcome).label, "decided": asked.finished, "page": page,
        }
        for (pk, _pages), page in zip(printed, first, strict=True)
        if (asked := requests.get(pk))
    ]  # fmt: skip
    return {
        "place": _place(given["township"]), "since": date.fromisoformat(given["since"]),
        "until": date.fromisoformat(given["until"]), "rows": rows, "printed_by": work.by.name,
        "printed_at": timezone.localtime(),
    }  # fmt: skip


def _place(township: str) -> str:
    return str(Area.objects.filter(code=township).first() or township)


def _file_name(work) -> str:
    given = work.given
    return f"{_('Approval forms')}-{_place(given['township'])}-{given['since']}-{given['until']}.pdf"


def _write_down(pks, by) -> None:
    for asked in TransitionRequest.objects.filter(pk__in=pks).select_related("firm").order_by("pk"):
        record("request.printed", by=by, firm=asked.firm, move=asked.verb)
