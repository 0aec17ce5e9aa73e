"""Printing contact cards, A5 across: one at once, a township's worth as a job in parts."""

import io

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.contact_cards.acts import count_prints
from core.contact_cards.facts import CardFacts, facts_of
from core.errors import Refused
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.ledger.models import Firm
from core.ledger.scope import within
from core.papers import paper, qr
from core.papers.fonts import lacking
from core.papers.parts import bound, part, still_there
from core.people.models import Assignment

KIND = "contact_cards"
WIDTH, HEIGHT = 210.0, 148.0  # millimetres: A5 across; two fit an A4 sheet
CODE = (158.5, 52.0, 36.0)  # the QR code's left and upper edge and its side; see contact_card.css
PART = 40  # cards in one part: what is in memory, and what a death costs
WRITTEN = 50  # cards that are written down in one transaction
AT_MOST = 2000  # cards in one file


def with_instructor(user, place: str):
    """The firms of an area that have an instructor now, as far as the person sees them."""
    guided = Assignment.objects.current().values("firm_id")
    firms = Firm.objects.visible_to(user).counted().filter(within(place), pk__in=guided)
    return firms.order_by("area", "pinyin", "pk")


def check(many: int) -> None:
    """Raises Refused when there is nothing to print, or too much for one file."""
    if not many:
        raise Refused(
            Refused.NOT_NOW, _("No firm there has an instructor, so there is no card to print.")
        )
    if many > AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("These are %(many)d cards; one file takes %(most)d. Choose a smaller area.")
            % {"many": many, "most": AT_MOST},
        )


def one_card(firm: Firm, *, on) -> bytes:
    """The card of one firm. Raises Refused when it has no instructor, and PaperError."""
    card = facts_of([firm], on=on)[0]
    if card.instructor is None:
        raise Refused(
            Refused.NOT_NOW, _("The firm has no instructor yet. The card follows the assignment.")
        )
    return printed([card])


def check_letters(cards: list[CardFacts]) -> None:
    """Raises PaperError that names each firm and the characters that no font has."""
    found = [
        _("%(firm)s: %(why)s") % {"firm": card.firm.name, "why": paper.no_font_has(missing)}
        for card in cards
        if (missing := lacking(card.letters))
    ]
    if found:
        raise paper.PaperError(paper.PaperError.BAD_INPUT, " ".join(found[:10]))


def printed(cards: list[CardFacts]) -> bytes:
    """A page for each card: its words are set, the QR code is drawn into the page."""
    check_letters(cards)
    words = paper.Sheaf()
    words.add("contact_card", {"cards": cards}, style="contact_card")
    left, top, side = CODE
    with pikepdf.open(io.BytesIO(words.pdf())) as pdf:
        for page, card in zip(pdf.pages, cards, strict=True):
            code = qr.drawn(card.address, left=left, top=top, side=side, height=HEIGHT)
            page.contents_add(pdf.make_stream(code), prepend=True)
        made = io.BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


@job(
    KIND,
    label=gettext_lazy("Contact cards of a township"),
    title=gettext_lazy("{number} contact cards: {place}"),
    verb="print_many",
)
def print_contact_cards(work):
    """The steps of the job. `given` names the place; the checkpoint holds the firms in the order of
    the file, and those that were printed, part by part."""
    kept = work.checkpoint or {"firms": _chosen(work), "printed": [], "written": 0}
    every, on = len(kept["firms"]), timezone.localdate()
    parts = [kept["firms"][at : at + PART] for at in range(0, every, PART)]
    kept["printed"] = still_there(work.folder, kept["printed"])
    if not work.checkpoint:
        yield Step(0, every, kept)
    for place in range(len(kept["printed"]), len(parts)):
        cards = _cards(work, parts[place], on)
        replace(part(work.folder, place), printed(cards) if cards else b"")
        kept["printed"].append([card.firm.pk for card in cards])
        yield Step(min(every, (place + 1) * PART), every, kept)
    done = [pk for some in kept["printed"] for pk in some]
    check(len(done))
    whole = work.folder / "cards.pdf"
    if not (kept["written"] and whole.is_file()):
        replace(whole, bound(work.folder, len(parts)))
    while kept["written"] < len(done):
        some = done[kept["written"] :][:WRITTEN]
        kept["written"] += len(some)
        yield Step(every, every, kept, lambda some=some: count_prints(some, by=work.by))
    return Result(whole, f"{_('Contact cards')}-{on:%Y%m%d}.pdf", "application/pdf")


def _chosen(work) -> list[int]:
    chosen = list(with_instructor(work.by, work.given["place"]).values_list("pk", flat=True))
    check(len(chosen))
    return chosen


def _cards(work, pks, on) -> list[CardFacts]:
    """In the given order; a firm that lost its instructor, or that the person does not see any
    more, is left out."""
    rows = {firm.pk: firm for firm in Firm.objects.visible_to(work.by).filter(pk__in=pks)}
    cards = facts_of([rows[pk] for pk in pks if pk in rows], on=on)
    return [card for card in cards if card.instructor]
