"""The one door of letters: keep a letterhead, number a letter, write down that it was printed."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.names import listed
from core.ledger.permits import allow, allow_in, not_ahead
from core.letters.frozen import check_characters, frozen, thawed
from core.letters.models import Letter, Letterhead
from core.papers.letter import LetterFacts, complete, letter

VERB = "issue_assignments"
FIELDS = (
    "organ", "word", "signed", "upward", "downward", "copies", "issued_by", "signer", "contact",
)  # fmt: skip
NEEDED = ("organ", "word", "signed", "downward")

teach("letter_what", {name: Letterhead._meta.get_field(name).verbose_name for name in FIELDS})


def letterhead_of(area: str) -> Letterhead | None:
    return Letterhead.objects.filter(area=area).first()


@transaction.atomic
def keep_letterhead(*, by, version: int = 0, **said) -> Letterhead:
    """Keep what stands on the letters of a person's own office. `version` is that of the page that
    was opened, 0 where none was kept yet. Raises Refused: when a colleague changed it meanwhile."""
    allow_in(by, VERB, by.area)
    said = {name: " ".join(said.get(name, "").split()) for name in FIELDS}
    said["copies"] = listed(said["copies"])
    if missing := [name for name in NEEDED if not said[name]]:
        labels = [str(Letterhead._meta.get_field(name).verbose_name) for name in missing]
        raise Refused(
            Refused.BAD_INPUT,
            _("The letterhead still lacks: %(what)s.") % {"what": _(", ").join(labels)},
        )
    Area.objects.select_for_update(no_key=True).get(pk=by.area)  # two may keep the first one at once
    now = letterhead_of(by.area) or Letterhead(area=by.area, version=0)
    if now.version != version:
        raise Refused(
            Refused.FASTER,
            _("A colleague changed the letterhead meanwhile. Open the page again to see it."),
        )
    changed = [name for name in FIELDS if getattr(now, name) != said[name]]
    if not changed:
        return now
    for name in changed:
        setattr(now, name, said[name])
    now.version += 1
    now.save()
    record(
        "letterhead.kept", by=by, chain=f"letters:{now.area}", area=now.area,
        letter_what=", ".join(changed),
    )  # fmt: skip
    return now


def next_number(area: str, year: int) -> int:
    """The number after the highest that was given; nothing is promised by it."""
    given = Letter.objects.filter(area=area, year=year)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def write_letter(facts_of, *, subject: str, kind: str, number: int, day: date, by, on) -> Letter:
    """Number a letter of a person's own office and freeze what it says. There is one of each kind
    about a subject: who asks again gets the same one.

    `facts_of(letterhead)` gives its LetterFacts. Offices give numbers of the same series to other
    letters, too, so the number is chosen, not counted. Raises Refused: no letterhead, a number that
    was given, a day ahead, something missing; PaperError for a character that no font has.
    """
    allow(by, VERB)
    head = Letterhead.objects.select_for_update().filter(area=by.area).first()
    if head is None:
        raise Refused(Refused.NOT_NOW, _("Keep the letterhead of your office first."))
    if there := Letter.objects.filter(area=by.area, subject=subject, kind=kind).first():
        return there
    not_ahead(day, on)
    if Letter.objects.filter(area=by.area, year=day.year, number=number).exists():
        raise Refused(
            Refused.FASTER,
            _("No. %(number)d of %(year)d is given to another letter. The next free one is %(next)d.")
            % {"number": number, "year": day.year, "next": next_number(by.area, day.year)},
        )
    facts: LetterFacts = facts_of(head)
    complete(facts)
    check_characters(facts)
    made = Letter.objects.create(
        area=by.area, subject=subject, kind=kind, year=day.year, number=number, day=day,
        facts=frozen(facts), by=by,
    )  # fmt: skip
    _record("letter.written", made, by=by)
    return made


def paper_of(found: Letter) -> bytes:
    """The PDF of a letter, from what was frozen. Raises PaperError."""
    return letter(thawed(found.facts))


@transaction.atomic
def count_print(found: Letter, *, by) -> None:
    """Write down that a letter was printed."""
    allow_in(by, VERB, found.area)
    _record("letter.printed", found, by=by)


def _record(code: str, found: Letter, *, by) -> None:
    record(code, by=by, chain=f"letters:{found.area}", area=found.area, number=found.written_number)
