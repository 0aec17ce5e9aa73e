"""The credentials of the demo county's instructors: numbered in the order of their terms, most of
them active, a few in each other state."""

from datetime import timedelta
from itertools import groupby

from core.credentials.layout import TEMPLATE
from core.credentials.models import Card, Credential, CredentialMove, CredentialSeries
from core.credentials.moves import BY_VERB, State
from core.credentials.tokens import NONCE
from core.number_template import filled, series_of
from core.people.models import Instructor
from core.rulebook import rule

# What happened to the credential of the instructor at this place, beside the visitor's own.
LATER = {
    5: ("suspend", "借调县委巡察组半年，暂停指导工作"),
    9: ("lose", "下乡走访途中遗失"),
    14: ("revoke", "本人申请退出指导员队伍"),
    20: ("", ""),  # numbered, not handed out yet
    26: ("replace", "证卡破损换发"),
    33: ("", ""),
}
WITHOUT = (40, 41, 42)  # have none yet
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def give_out(county) -> None:
    by, people = county.supervisors["county"], county.rows[Instructor]
    sent = [
        (place, who) for place, who in enumerate(people)
        if place not in WITHOUT and who.term_until >= county.on
    ]  # fmt: skip
    sent.sort(key=lambda one: (one[1].term_from, one[1].pk))
    template = rule("credential_number", on=county.on).value
    for year, those in groupby(sent, lambda one: _series_year(template, county, one[1])):
        serial = 0
        for serial, (place, who) in enumerate(those, start=1):
            _give(county, template, place, who, (year, serial), by)
        county.new(CredentialSeries, county=county.code, year=year, last=serial)


def _series_year(template: str, county, who) -> int:
    return series_of(template, county=county.code, year=who.term_from.year).year


def _give(county, template, place, who, counted, by) -> None:
    verb, why = LATER.get(place, ("hand_out", ""))
    year, serial = counted
    number = filled(template, county=county.code, year=who.term_from.year, serial=serial)
    held = county.new(
        Credential, instructor=who, county=county.code, number=number, year=year, serial=serial,
        state=State.ISSUED, valid_from=who.term_from, valid_until=who.term_until,
    )  # fmt: skip
    card = _card(county, held, 1, who.term_from)
    _moved(county, held, "issue", State.ISSUED, who.term_from, by)
    if not verb:
        return
    handed = who.term_from + timedelta(days=3)
    _moved(county, held, "hand_out", State.ACTIVE, handed, by)
    card.copies, card.template = 1, TEMPLATE
    if verb != "hand_out":
        day = county.on - timedelta(days=20 + place)
        row = BY_VERB[verb]
        _moved(county, held, verb, row.target, day, by, why)
        if row.ends_card:
            card.ended_on, card.ended_by = day, verb
        if row.new_card:
            _card(county, held, 2, day)


def _card(county, held, issue: int, on):
    nonce = "".join(county.rng.choices(LETTERS, k=NONCE))
    return county.new(Card, credential=held, issue=issue, nonce=nonce, issued_on=on)


def _moved(county, held, verb: str, target, on, by, why: str = "") -> None:
    county.new(
        CredentialMove, credential=held, verb=verb, source=held.state if verb != "issue" else "",
        target=target, reason=why, on=on, by=by,
    )  # fmt: skip
    held.state = target
