"""Keeping the entries of the register of instructors: who may be in it, what is known of them. One
door for the form and for files; each write keeps the entry as it was."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import SendingUnit
from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.names import listed
from core.ledger.permits import allow_in
from core.people import history
from core.people.assigning import further_within, unit_named
from core.people.models import Instructor
from core.people.standing import grant

Came = history.EntryVersion.Came

# What a form or a file may change. Standing and leaving are acts of their own.
ENTRY = (
    "name", "area", "further_areas", "unit", "specialty", "trade", "kind", "mode", "languages",
    "takes_more_from", "phone", "term_from", "term_until",
)  # fmt: skip

teach("what", {f"instructor.{name}": Instructor._meta.get_field(name).verbose_name
               for name in history.KEPT})  # fmt: skip


@transaction.atomic
def record_instructor(
    *, name, area, sending_unit, full_member, term_from, term_until, by, on, user=None,
    further_areas=(), came=Came.RECORDED, **known,
) -> Instructor:  # fmt: skip
    """Record an instructor. Only a full member in good standing may be one (domain rule I1).
    `known`: further fields of ENTRY. Raises Refused."""
    allow_in(by, "register", area)
    if not full_member:
        raise Refused(
            Refused.BAD_INPUT,
            _("Only a full member in good standing may be an instructor. Choose somebody else."),
        )
    made = Instructor(
        name=name, area=area, unit=unit_named(sending_unit, county=area[:6]), full_member=True,
        term_from=term_from, term_until=term_until, **_tidy(known),
    )  # fmt: skip
    _term_is_one(made)
    _nobody_else(made)
    _free_account(made, user)
    made.user = user
    made.save()
    made.further_areas.set(further_within(further_areas, made.county, area))
    grant(made, since=min(on, term_from), by=by)
    history.keep(made, before=None, by=by, came=came)
    record("instructor.recorded", by=by, chain=f"instructor:{made.pk}", area=area, instructor=name)
    return made


def held(instructor: Instructor, *, by) -> Instructor:
    """The entry as it is now, held until the transaction ends. Raises Refused."""
    allow_in(by, "register", instructor.area)
    now = Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    allow_in(by, "register", now.area)
    return now


@transaction.atomic
def change_instructor(
    instructor: Instructor, *, by, came=Came.CHANGED, user=None, **entry
) -> Instructor:
    """Change what is known of an instructor. Raises Refused. `user` gives the account to one who
    has none; whose account it is changes on the page of accounts only."""
    now = held(instructor, by=by)
    if "sending_unit" in entry:
        entry["unit"] = unit_named(entry["sending_unit"], county=now.county)
    entry = _tidy({name: entry[name] for name in ENTRY if name in entry})
    allow_in(by, "register", entry.get("area", now.area))
    if entry.get("area", now.area)[:6] != now.county:
        raise Refused(Refused.BAD_INPUT, _("An instructor cannot move to another county's list."))
    if user and now.user_id != user.pk:
        _free_account(now, user)
        entry["user"] = user
    return write(now, entry, by=by, came=came)


def write(instructor: Instructor, changes: dict, *, by, came) -> Instructor:
    """Save what differs, keep the entry as it was, and say which fields are new. The row is held.
    Raises Refused when the entry would not be one any more."""
    before = history.entry_of(instructor)
    further = changes.pop("further_areas", None)
    who = instructor.name, instructor.unit_id, instructor.left_on
    for name, value in changes.items():
        setattr(instructor, name, value)
    _term_is_one(instructor)
    if who != (instructor.name, instructor.unit_id, instructor.left_on):
        _nobody_else(instructor)
    instructor.save()
    if further is not None:
        instructor.further_areas.set(further_within(further, instructor.county, instructor.area))
    if differs := history.keep(instructor, before=before, by=by, came=came):
        record(
            "instructor.changed", by=by, chain=f"instructor:{instructor.pk}", area=instructor.area,
            instructor=instructor.name, what=", ".join(f"instructor.{name}" for name in differs),
        )  # fmt: skip
    return instructor


def _tidy(entry: dict) -> dict:
    if entry.get("languages"):
        entry["languages"] = listed(entry["languages"])
    return entry


def _term_is_one(one: Instructor) -> None:
    if one.term_until <= one.term_from:
        raise Refused(Refused.BAD_INPUT, _("The term ends before it begins. Look at the two days."))


def _nobody_else(one: Instructor) -> None:
    """Raises Refused when the unit sends somebody of this name already. The unit's row is held from
    here to the end of the act, so that of two who enter the same person one is told."""
    SendingUnit.objects.select_for_update(no_key=True).get(pk=one.unit_id)
    twins = Instructor.objects.active().filter(county=one.area[:6], name=one.name, unit=one.unit)
    if not one.left_on and twins.exclude(pk=one.pk).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s of %(unit)s is on record already.") % {"name": one.name, "unit": one.unit.name},
        )


def _free_account(one: Instructor, user) -> None:
    if user and one.user_id:
        raise Refused(Refused.NOT_NOW, _("%(name)s has an account already.") % {"name": one.name})
    if user and Instructor.objects.filter(user=user).exclude(pk=one.pk).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("The account %(account)s belongs to another instructor.") % {"account": user.username},
        )
