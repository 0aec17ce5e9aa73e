"""What the interface answers: its schemas, and how they are filled from the figures and the ledger."""

from datetime import date

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from core.figures.bridge import Why, differences, table
from core.figures.coverage import NUMBERS, Share
from core.figures.ledger import Ledger
from core.figures.parts import parts
from core.ledger.models import Firm
from core.ledger.stages import Stage


class Figure(Schema):
    """One number."""

    key: str = Field(description=gettext_noop("The number's lasting name."))
    label: str = Field(description=gettext_noop("Its name in the asked language."))
    says: str = Field(description=gettext_noop("Its definition."))
    count: int | None = Field(None, description=gettext_noop("The count; of a share its part."))
    whole: int | None = Field(None, description=gettext_noop("Of a share: what it is a part of."))
    percent: str | None = Field(
        None, description=gettext_noop("Of a share: in percent to two places, halves rounded up.")
    )


class Figures(Schema):
    on: date = Field(description=gettext_noop("The day that the figures are of."))
    area: str = Field(description=gettext_noop("Division code of the area that is counted."))
    figures: list[Figure]


class Part(Schema):
    code: str = Field(description=gettext_noop("Division code, number of the line, section or size."))
    name: str = Field(description=gettext_noop("Its name in the asked language."))
    figures: list[Figure]


class Coverage(Schema):
    on: date = Field(description=gettext_noop("The day that the figures are of."))
    area: str = Field(description=gettext_noop("Division code of the area that is counted."))
    by: str = Field(description=gettext_noop("What the firms are grouped by."))
    parts: list[Part]


class Movement(Schema):
    stage: str | None = Field(description=gettext_noop("Code of the stage; none for all firms."))
    label: str | None = Field(description=gettext_noop("The stage in the asked language."))
    began: int = Field(description=gettext_noop("Firms on the first day."))
    came: dict[str, int] = Field(description=gettext_noop("Firms that came to it, by reason."))
    left: dict[str, int] = Field(description=gettext_noop("Firms that left it, by reason."))
    ended: int = Field(description=gettext_noop("Firms on the last day."))


class Bridge(Schema):
    since: date = Field(description=gettext_noop("The first day."))
    until: date = Field(description=gettext_noop("The last day."))
    area: str = Field(description=gettext_noop("Division code of the area that is counted."))
    movements: list[Movement]


class Moved(Schema):
    id: int = Field(description=gettext_noop("The firm's lasting number here."))
    name: str
    credit_code: str = Field(description=gettext_noop("Unified social credit code."))
    before: str | None = Field(description=gettext_noop("Its stage on the first day, if it counted."))
    after: str | None = Field(description=gettext_noop("Its stage on the last day, if it counts."))
    why: str = Field(description=gettext_noop("Code of the reason."))
    label: str = Field(description=gettext_noop("The reason in the asked language."))


class BridgeFirms(Schema):
    since: date = Field(description=gettext_noop("The first day."))
    until: date = Field(description=gettext_noop("The last day."))
    area: str = Field(description=gettext_noop("Division code of the area that is counted."))
    firms: list[Moved]
    after: str | None = Field(
        description=gettext_noop("What to ask for to get the firms after these; none at the end.")
    )


class Refusal(Schema):
    code: str = Field(description=gettext_noop("For programs."))
    sentence: str = Field(description=gettext_noop("For people: what is wrong and what to do."))


def figure(number, ledger: Ledger) -> Figure:
    value = number.counts(ledger)
    told = {"key": number.key, "label": str(number.label), "says": str(number.says)}
    if isinstance(value, Share):
        percent = None if value.percent is None else str(value.percent)
        return Figure(**told, count=value.part, whole=value.whole, percent=percent)
    return Figure(**told, count=value)


def all_figures(ledger: Ledger) -> list[Figure]:
    """Those that an area's reader sees; what is not theirs is left out."""
    found = [figure(number, ledger) for number in NUMBERS]
    return [one for one in found if one.count is not None]


GROUPED = {"township": "town", "line": "line", "industry": "industry", "size": "size"}
OF_FIRMS = [number for number in NUMBERS if number.lists]  # which every part of the firms has


def parts_of(ledger: Ledger, by: str) -> list[Part]:
    """The figures for each part of the firms."""
    return [
        Part(code=code, name=name, figures=[figure(number, part) for number in OF_FIRMS])
        for code, name, part in parts(ledger.told_apart(GROUPED[by]))
    ]


def movements(reader, since: date, until: date) -> list[Movement]:
    """The bridge between two days, as its table has it."""
    rows = table(reader, since, until, differences(reader, since, until))
    return [
        Movement(
            stage=row["stage"], label=str(Stage(row["stage"]).label) if row["stage"] else None,
            began=row["began"], ended=row["ended"],
            came={str(why.value): many for why, many in row["came"].items()},
            left={str(why.value): many for why, many in row["left"].items()},
        )
        for row in rows
    ]  # fmt: skip


def moved(reader, since: date, until: date, *, after: int, many: int) -> BridgeFirms:
    """The firms that make the difference, in the order of their numbers, after a number."""
    found = [one for one in differences(reader, since, until) if one.firm_id > after]
    more, found = len(found) > many, found[:many]
    firms = Firm.objects.in_bulk([one.firm_id for one in found])
    told = [
        Moved(
            id=one.firm_id, name=firms[one.firm_id].name, credit_code=firms[one.firm_id].credit_code,
            before=one.before or None, after=one.after or None, why=str(Why(one.why).value),
            label=str(Why(one.why).label),
        )
        for one in found
    ]  # fmt: skip
    last = str(found[-1].firm_id) if more else None
    return BridgeFirms(since=since, until=until, area=reader.area, firms=told, after=last)
