"""Whether an instructor fits a firm: what stands against it, each in a sentence."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.models import Instructor
from core.people.ties import Tie
from core.rulebook import rule

BLOCK, WARN = "block", "warn"

# Called with an instructor and a firm: how many other firms are proposed to the instructor now.
# Motion knows of proposals, so it puts its function here.
UNDER_WAY: list[Callable[[Instructor, Firm], int]] = []


class Objection(NamedTuple):
    """One thing that stands against it. A block refuses; a warning is said and may be overruled."""

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
        *_of_the_firm(firm), *_of_the_person(instructor, on), *_of_ties(firm, instructor),
        *_of_load(firm, instructor, on, proposals), *_of_place(firm, instructor),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.treat != BLOCK)


def _of_the_firm(firm: Firm):
    if firm.operation == Operation.CLOSED:
        yield Objection("closed", BLOCK, _("%(firm)s is closed.") % {"firm": firm.name})
    now = firm.assignments.current().select_related("instructor").first()
    if now:
        sentence = _("%(name)s guides this firm since %(day)s. End that assignment first.") % {
            "name": now.instructor.name, "day": date_format(now.since),
        }  # fmt: skip
        yield Objection("taken", BLOCK, sentence)


def _of_the_person(who: Instructor, on: date):
    if who.left_on:
        sentence = _("%(name)s stopped on %(day)s.")
        yield Objection("left", BLOCK, sentence % {"name": who.name, "day": date_format(who.left_on)})
    if not who.full_member:
        sentence = _("%(name)s is not a full member in good standing.") % {"name": who.name}
        yield Objection("not_full_member", BLOCK, sentence)
    if who.term_until < on:
        sentence = _("The term of %(name)s ended on %(day)s. It must be renewed first.")
        words = {"name": who.name, "day": date_format(who.term_until)}
        yield Objection("term_over", BLOCK, sentence % words)
    if who.term_from > on:
        sentence = _("The term of %(name)s begins on %(day)s; the assignment cannot begin before.")
        words = {"name": who.name, "day": date_format(who.term_from)}
        yield Objection("term_ahead", BLOCK, sentence % words)
    if who.takes_more_from and who.takes_more_from > on:
        sentence = _("%(name)s takes further firms from %(day)s only.")
        words = {"name": who.name, "day": date_format(who.takes_more_from)}
        yield Objection("takes_more_later", WARN, sentence % words)


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
    if who.mode == Instructor.Mode.SINGLE and have + asked:
        sentence = _("%(name)s is sent to one firm only, and has one.") % words
        yield Objection("single", BLOCK, sentence)
        return
    hard, usual = rule("instructor_firms_hard", on=on), rule("instructor_firms", on=on)
    said = ngettext("%(name)s guides %(have)d firm.", "%(name)s guides %(have)d firms.", have)
    if asked:
        said = _("%(name)s guides %(have)d firms, and further ones are proposed: %(asked)d.")
    for code, treat, most in (("hard_cap", BLOCK, hard), ("cap", WARN, usual)):
        if have + asked >= most.value:
            sentence = _("%(said)s %(rule)s.") % {"said": said % words, "rule": most.says}
            yield Objection(code, treat, sentence)
            return


def _of_place(firm: Firm, who: Instructor):
    if who.county != firm.county:
        sentence = _("%(name)s belongs to another county.") % {"name": who.name}
        yield Objection("other_county", BLOCK, sentence)
        return
    further = who.further_areas.values_list("code", flat=True)
    if not firm.area.startswith((who.area, *further)):
        sentence = _("The firm lies outside the areas in which %(name)s works.") % {"name": who.name}
        yield Objection("area", WARN, sentence)
