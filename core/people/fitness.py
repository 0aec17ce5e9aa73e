"""Whether an instructor fits a firm: what stands against it, each in a sentence."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.models import Instructor
from core.people.ties import Tie
from core.people.training import days_between
from core.rulebook import rule

BLOCK, WARN, NOTE = "block", "warn", "note"

# Called with an instructor and a firm: how many other firms are proposed to the instructor now.
# Motion knows of proposals, so it puts its function here.
UNDER_WAY: list[Callable[[Instructor, Firm], int]] = []


class Objection(NamedTuple):
    """One thing that stands against it. A block refuses; a warning is said and may be
    overruled; a note is said and asks nothing."""

    code: str
    treat: str
    sentence: str


def load(instructor: Instructor) -> int:
    """How many firms an instructor guides now."""
    return instructor.assignments.current().count()


def objections(firm: Firm, instructor: Instructor, *, on: date, proposals=True) -> list[Objection]:
    """What stands against sending an instructor to a firm, blocks first. With `proposals` the firms
    that are proposed to the instructor fill their places too."""
    found = [
        *seen_at_once(firm, instructor, on=on), *_of_the_guide(firm), *_of_ties(firm, instructor),
        *_of_load(firm, instructor, on, proposals), *_of_place(firm, instructor),
        *_of_training(instructor, on),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (BLOCK, WARN, NOTE).index(one.treat))


def seen_at_once(firm: Firm, instructor: Instructor, *, on: date) -> list[Objection]:
    """Those that the two entries themselves tell: no statement."""
    return [*_of_the_firm(firm), *of_the_person(instructor, on=on)]


def _of_the_firm(firm: Firm):
    if firm.operation == Operation.CLOSED:
        yield Objection("closed", BLOCK, _("%(firm)s is closed.") % {"firm": firm.name})
    if firm.operation == Operation.PAUSED:
        yield Objection("paused", WARN, _("%(firm)s is not in operation now.") % {"firm": firm.name})


def _of_the_guide(firm: Firm):
    now = firm.assignments.current().select_related("instructor").first()
    if now:
        sentence = _("%(name)s guides this firm since %(day)s. End that assignment first.") % {
            "name": now.instructor.name, "day": date_format(now.since),
        }  # fmt: skip
        yield Objection("taken", BLOCK, sentence)


def hindrances(who: Instructor, *, on: date) -> list[str]:
    """Codes of what keeps an instructor from any further firm on a day: no statement."""
    last = on + timedelta(days=rule("term_left_for_new_firm", on=on).value)
    said = {
        "left": who.left_on is not None,
        "not_full_member": not who.full_member,
        "term_over": who.term_until < on,
        "term_ahead": who.term_from > on,
        "term_short": on <= who.term_until < last,
        "takes_more_later": bool(who.takes_more_from and who.takes_more_from > on),
    }
    return [code for code, so in said.items() if so]


def of_the_person(who: Instructor, *, on: date) -> list[Objection]:
    """The same in sentences."""
    says = {
        "left": (BLOCK, _("%(name)s stopped on %(day)s."), who.left_on),
        "not_full_member": (BLOCK, _("%(name)s is not a full member in good standing."), None),
        "term_over": (
            BLOCK, _("The term of %(name)s ended on %(day)s. It must be renewed first."), who.term_until
        ),
        "term_ahead": (
            BLOCK, _("The term of %(name)s begins on %(day)s; the assignment cannot begin before."),
            who.term_from,
        ),
        "term_short": (WARN, _("The term of %(name)s ends on %(day)s."), who.term_until),
        "takes_more_later": (
            WARN, _("%(name)s takes further firms from %(day)s only."), who.takes_more_from
        ),
    }  # fmt: skip
    found = [(code, *says[code]) for code in hindrances(who, on=on)]
    return [
        Objection(code, treat, sentence % {"name": who.name, "day": day and date_format(day)})
        for code, treat, sentence, day in found
    ]


def fullness(who: Instructor, have: int, *, on: date) -> str:
    """What keeps an instructor with so many firms from one more: "single", "hard_cap", "cap", ""."""
    if who.mode == Instructor.Mode.SINGLE and have:
        return "single"
    if have >= rule("instructor_firms_hard", on=on).value:
        return "hard_cap"
    return "cap" if have >= rule("instructor_firms", on=on).value else ""


def _of_ties(firm: Firm, who: Instructor):
    sentences = {
        Tie.Kind.EMPLOYER: _("%(name)s declared this firm as a former employer."),
        Tie.Kind.RELATIVE: _("%(name)s declared that a relative works in this firm."),
    }
    for kind in who.ties.standing().filter(firm=firm).values_list("kind", flat=True).order_by("kind"):
        yield Objection(kind, BLOCK, sentences[kind] % {"name": who.name})


def _of_load(firm: Firm, who: Instructor, on: date, proposals: bool):
    have = load(who)
    asked = sum(count(who, firm) for count in UNDER_WAY) if proposals else 0
    words = {"name": who.name, "have": have, "asked": asked}
    code = fullness(who, have + asked, on=on)
    if code == "single":
        yield Objection(code, BLOCK, _("%(name)s is sent to one firm only, and has one.") % words)
    elif code:
        said = ngettext("%(name)s guides %(have)d firm.", "%(name)s guides %(have)d firms.", have)
        if asked:
            said = _("%(name)s guides %(have)d firms, and further ones are proposed: %(asked)d.")
        hard = code == "hard_cap"
        most = rule("instructor_firms_hard" if hard else "instructor_firms", on=on)
        sentence = _("%(said)s %(rule)s.") % {"said": said % words, "rule": most.says}
        yield Objection(code, BLOCK if hard else WARN, sentence)


def _of_training(who: Instructor, on: date):
    """Domain rule I5: said to whoever chooses, since a year that begins is short of days for all."""
    asked = rule("instructor_training_days", on=on)
    have = days_between(who, date(on.year, 1, 1), on)
    if have < asked.value:
        sentence = _("%(name)s has %(have)s days of training this year. %(rule)s.") % {
            "name": who.name, "have": f"{have.normalize():f}", "rule": asked.says,
        }  # fmt: skip
        yield Objection("training", NOTE, sentence)


def _of_place(firm: Firm, who: Instructor):
    if who.county != firm.county:
        sentence = _("%(name)s belongs to another county.") % {"name": who.name}
        yield Objection("other_county", BLOCK, sentence)
        return
    further = who.further_areas.values_list("code", flat=True)
    if not firm.area.startswith((who.area, *further)):
        sentence = _("The firm lies outside the areas in which %(name)s works.") % {"name": who.name}
        yield Objection("area", WARN, sentence)
