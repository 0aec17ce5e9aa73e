"""Keeping an instructor's entry: what is known of them, their term, and that they left."""

from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.names import listed
from core.ledger.permits import allow_in, not_ahead
from core.people.assigning import further_within, months_later, unit_named
from core.people.models import Instructor
from core.rulebook import rule

ENTRY = (
    "name", "area", "further_areas", "unit", "specialty", "trade", "kind", "mode", "languages",
    "takes_more_from", "phone", "full_member",
)  # fmt: skip

# Called with an instructor who left, `by` and `on`, in the same transaction.
WHEN_LEFT: list[Callable] = []

teach(
    "what",
    {
        f"instructor.{name}": Instructor._meta.get_field(name).verbose_name
        for name in (*ENTRY, "term_from", "term_until", "left_on")
    },
)


def _held(instructor: Instructor, *, by) -> Instructor:
    """The entry as it is now, held until the transaction ends. Raises Refused."""
    allow_in(by, "register", instructor.area)
    now = Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    allow_in(by, "register", now.area)
    return now


def _write(instructor: Instructor, changes: dict, *, by) -> Instructor:
    """Save what differs, and say which fields did."""
    further = changes.pop("further_areas", None)
    differs = [name for name, value in changes.items() if getattr(instructor, name) != value]
    for name in differs:
        setattr(instructor, name, changes[name])
    if further is not None and set(further) != set(instructor.further_areas.all()):
        instructor.further_areas.set(further)
        differs.append("further_areas")
    if differs:
        instructor.save()
        record(
            "instructor.changed", by=by, chain=f"instructor:{instructor.pk}", area=instructor.area,
            instructor=instructor.name, what=", ".join(f"instructor.{name}" for name in differs),
        )  # fmt: skip
    return instructor


@transaction.atomic
def change_instructor(instructor: Instructor, *, by, **entry) -> Instructor:
    """Change what is known of an instructor. Raises Refused; one who is no longer a full member
    in good standing has left, and is recorded so."""
    now = _held(instructor, by=by)
    if "sending_unit" in entry:
        entry["unit"] = unit_named(entry["sending_unit"], county=now.county)
    entry = {name: entry[name] for name in ENTRY if name in entry}
    if "languages" in entry:
        entry["languages"] = listed(entry["languages"])
    allow_in(by, "register", entry.get("area", now.area))
    if entry.get("area", now.area)[:6] != now.county:
        raise Refused(Refused.BAD_INPUT, _("An instructor cannot move to another county's list."))
    if "further_areas" in entry:
        own = entry.get("area", now.area)
        entry["further_areas"] = further_within(entry["further_areas"], now.county, own)
    if not entry.get("full_member", now.full_member):
        raise Refused(
            Refused.BAD_INPUT,
            _(
                "Only a full member in good standing may be an instructor. "
                "If this is no longer so, record that the instructor left."
            ),
        )
    name, unit = entry.get("name", now.name), entry.get("unit", now.unit)
    twins = Instructor.objects.active().filter(county=now.county, name=name, unit=unit)
    if twins.exclude(pk=now.pk).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s of %(unit)s is on record already.") % {"name": name, "unit": unit.name},
        )
    return _write(now, entry, by=by)


def new_term(instructor: Instructor, *, begins: str, on) -> tuple:
    """First and last day of the next term: from today ("today") or from the old end ("old_end")."""
    start = on if begins == "today" else instructor.term_until
    return start, months_later(start, rule("instructor_term", on=start).value)


@transaction.atomic
def renew_term(instructor: Instructor, *, begins: str, by, on) -> Instructor:
    """Give an instructor another term; one who had left is back with it. Raises Refused."""
    now = _held(instructor, by=by)
    start, end = new_term(now, begins=begins, on=on)
    if not now.full_member:
        raise Refused(
            Refused.NOT_NOW, _("%(name)s is not a full member in good standing.") % {"name": now.name}
        )
    if end < on:
        raise Refused(
            Refused.BAD_INPUT,
            _("A term from the old end would be over already. Let the new term begin today."),
        )
    if now.term_until > new_term(now, begins="today", on=on)[1]:
        raise Refused(
            Refused.NOT_NOW,
            _("The term runs until %(day)s: it is renewed already.")
            % {"day": date_format(now.term_until)},
        )
    # Renewed before its end, a term goes on: it does not begin anew, and no day lies between two.
    begun = start if start <= on and start > now.term_from else now.term_from
    return _write(now, {"term_from": begun, "term_until": end, "left_on": None}, by=by)


@transaction.atomic
def record_left(instructor: Instructor, *, left_on, by, on) -> Instructor:
    """Record from which day somebody is no instructor any more. Raises Refused while they still
    guide firms, with the list of those."""
    now = _held(instructor, by=by)
    not_ahead(left_on, on)
    if now.left_on:
        raise Refused(
            Refused.FASTER,
            _("%(name)s stopped on %(day)s.")
            % {"name": now.name, "day": date_format(now.left_on)},
        )  # fmt: skip
    guided = now.assignments.current().values("firm_id")
    if guided.exists():
        names = list(Firm.objects.visible_to(by).filter(pk__in=guided).values_list("name", flat=True))
        if len(names) < guided.count():
            names.append(_("firms outside your area"))
        raise Refused(
            Refused.NOT_NOW,
            _("%(name)s still guides: %(firms)s. End these assignments first.")
            % {"name": now.name, "firms": _(", ").join(map(str, names))},
        )
    last = now.assignments.order_by("-until").first()
    if last and left_on < last.until:
        raise Refused(
            Refused.BAD_INPUT,
            _("The last assignment ended on %(day)s; give a day since then.")
            % {"day": date_format(last.until)},
        )
    now.left_on = left_on
    now.save(update_fields=["left_on"])
    record(
        "instructor.left", by=by, chain=f"instructor:{now.pk}", area=now.area, instructor=now.name,
        on=date_format(left_on, "Y-m-d"),
    )  # fmt: skip
    for follow in WHEN_LEFT:
        follow(now, by=by, on=on)
    return now
