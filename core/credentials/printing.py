"""Printing cards: many as a job in parts, one at once; each printed card is counted."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.credentials import cards, layout
from core.credentials.acts import VERB, count_copies
from core.credentials.models import Card, Credential, Portrait
from core.credentials.moves import State
from core.credentials.tokens import token_of
from core.errors import Refused
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.papers.parts import bound, part, still_there
from core.people.models import Assignment
from core.rulebook import rule

KIND = "credential_cards"
PART = 110  # cards in one part, eleven sheets: what is in memory, and what a death costs
AT_MOST = 2000  # cards in one file
PRINTABLE = (State.ISSUED, State.ACTIVE)
WRITTEN = 50  # cards that are counted in one transaction
LAYOUTS = {"sheets": cards.sheets, "singles": cards.singles}


def printable(user):
    """The credentials of which a card can be printed, within a person's reach."""
    return Credential.objects.visible_to(user).filter(
        state__in=PRINTABLE, instructor__left_on__isnull=True
    )


def check(many: int) -> None:
    """Raises Refused when there is nothing to print, or too much for one file."""
    if not many:
        raise Refused(
            Refused.NOT_NOW,
            _("None of these has a card that can be printed: it must be issued or active."),
        )
    if many > AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("These are %(many)d cards; one file takes %(most)d. Choose fewer.")
            % {"many": many, "most": AT_MOST},
        )


def faces(pks, user) -> list[tuple[int, cards.Face]]:
    """What is printed of each, in the given order. What the person does not see any more, or what
    cannot be printed any more, is left out. Five statements for any number of cards."""
    rows = printable(user).filter(pk__in=pks).select_related("instructor__unit")
    rows = {row.pk: row for row in rows}
    people = {row.instructor_id for row in rows.values()}
    firms: dict[int, list[str]] = {}
    for assigned in (
        Assignment.objects.current().filter(instructor__in=people).select_related("firm").order_by("pk")
    ):
        firms.setdefault(assigned.instructor_id, []).append(assigned.firm.name)
    used = Card.objects.filter(credential__in=rows, ended_on__isnull=True)
    nonces = dict(used.values_list("credential_id", "nonce"))
    portraits = {one.instructor_id: one for one in Portrait.objects.filter(instructor__in=people)}
    return [
        (pk, _face(rows[pk], nonces[pk], firms, portraits)) for pk in pks if pk in rows and pk in nonces
    ]


def _face(row: Credential, nonce: str, firms: dict, portraits: dict) -> cards.Face:
    who = row.instructor
    return cards.Face(
        name=who.name, number=row.number, unit=who.unit.name, firms=tuple(firms.get(who.pk, ())),
        valid_from=row.valid_from, valid_until=row.valid_until, address=address_of(nonce),
        portrait=_read(portraits.get(who.pk)),
    )  # fmt: skip


def address_of(nonce: str) -> str:
    """The address of a card's public page."""
    return settings.SITE_URL + reverse("credentials:check", args=[token_of(nonce)])


def _read(portrait: Portrait | None) -> bytes:
    """A photo whose file is lost leaves the field blank; the credential's page says so."""
    if portrait is None:
        return b""
    try:
        with portrait.file.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def phone(on) -> str:
    return rule("supervision_phone", on=on).value


def one_card(credential: Credential, *, by, on) -> bytes:
    """The two pages of one card; who hands it over counts the copy. Raises Refused, PaperError."""
    found = faces([credential.pk], by)
    check(len(found))
    return cards.singles([found[0][1]], phone=phone(on))


@job(
    KIND,
    label=gettext_lazy("Cards of instructors"),
    title=gettext_lazy("{number} cards: {place}"),
    verb=VERB,
)
def print_cards(work):
    """The steps of the job. `given` holds the credentials in the order of printing, and the layout."""
    chosen, lay_out = work.given["credentials"], LAYOUTS[work.given["layout"]]
    every, on = len(chosen), timezone.localdate()
    kept = work.checkpoint or {"printed": [], "written": 0}
    parts = [chosen[at : at + PART] for at in range(0, every, PART)]
    kept["printed"] = still_there(work.folder, kept["printed"])
    yield Step(min(every, len(kept["printed"]) * PART), every)
    for place in range(len(kept["printed"]), len(parts)):
        found = faces(parts[place], work.by)
        pdf = lay_out([face for _pk, face in found], phone=phone(on)) if found else b""
        replace(part(work.folder, place), pdf)
        kept["printed"].append([pk for pk, _face in found])
        yield Step(min(every, (place + 1) * PART), every, kept)
    printed = [pk for some in kept["printed"] for pk in some]
    check(len(printed))
    whole = work.folder / "cards.pdf"
    if not (kept["written"] and whole.is_file()):
        replace(whole, bound(work.folder, len(parts)))
    while kept["written"] < len(printed):
        some = printed[kept["written"] :][:WRITTEN]
        kept["written"] += len(some)
        yield Step(
            every, every, kept,
            lambda some=some: count_copies(some, template=layout.TEMPLATE, by=work.by),
        )  # fmt: skip
    return Result(whole, f"{_('Cards of instructors')}-{on:%Y%m%d}.pdf", "application/pdf")
