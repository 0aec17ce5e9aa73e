"""What may be done about members, and what an instructor writes down. Membership is private."""

from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow, locked, not_ahead
from core.people.models import GuidanceRecord, Member

# Called with each new record, and with `on`: open work that it answers is motion's to close.
WHEN_GUIDED: list[Callable[..., None]] = []


def _say(code: str, member: Member, *, by) -> None:
    """An event about a member, in the chain of the firm, or of the branch of the self-employed."""
    if member.firm:
        record(code, by=by, firm=member.firm, firm_name=member.firm.name)
    else:
        place = member.branch
        record(code, by=by, chain=f"branch:{place.pk}", area=place.area, firm_name=place.name)


@transaction.atomic
def record_member(firm, *, name, kind, since, by, on, another=False) -> Member:
    """Record a person as here since a day. The same name again needs `another`: a second person."""
    firm = locked(firm, by=by, verb="keep_members")
    not_ahead(since, on)
    if not another and firm.members.here().filter(name=name).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _(
                "Somebody of this name is on record here already. "
                "Is it another person? Then say so below."
            ),
        )
    made = Member.objects.create(
        county=firm.county, firm=firm, branch=firm.branch, name=name, kind=kind, since=since
    )
    _say("member.recorded", made, by=by)
    return made


@transaction.atomic
def record_member_of_branch(branch, *, name, kind, since, by, on) -> Member:
    """Record a person who belongs to no firm as a member of a branch since a day. Raises Refused for
    who would not see such a member."""
    allow(by, "keep_members")
    not_ahead(since, on)
    branch.__class__.objects.select_for_update(of=("self",)).get(pk=branch.pk)
    _not_before(since, branch.founded_on)
    if branch.members.here().filter(firm__isnull=True, name=name).exists():
        raise Refused(
            Refused.BAD_INPUT, _("Somebody of this name is on record in this branch already.")
        )
    made = Member.objects.create(county=branch.county, branch=branch, name=name, kind=kind, since=since)
    if not Member.objects.visible_to(by).filter(pk=made.pk).exists():
        raise Refused(Refused.NOT_YOURS, _("Members without a firm are recorded by the county."))
    _say("member.recorded", made, by=by)
    return made


def _still_here(member: Member, *, by) -> Member:
    allow(by, "keep_members")
    if member.firm:
        locked(member.firm, by=by, verb="keep_members")
    seen = Member.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=member.pk).first()
    if seen is None:
        raise Refused(Refused.NOT_YOURS, _("This member is not within your reach."))
    if seen.until:
        raise Refused(
            Refused.FASTER,
            _("It is on record already that this member left on %(day)s.")
            % {"day": date_format(seen.until)},
        )
    return seen


def _not_before(day, since) -> None:
    if day < since:
        raise Refused(
            Refused.BAD_INPUT,
            _("%(day)s is before this began on %(since)s.")
            % {"day": date_format(day), "since": date_format(since)},
        )


@transaction.atomic
def member_left(member: Member, *, until, by, on) -> Member:
    """Record the day from which a member is no longer here."""
    member = _still_here(member, by=by)
    not_ahead(until, on)
    _not_before(until, member.since)
    member.until = until
    member.save(update_fields=["until"])
    _say("member.left", member, by=by)
    return member


@transaction.atomic
def change_kind(member: Member, *, kind, since, by, on) -> Member:
    """A probationary member becomes a full one, say: the old row ends and a new one begins, so
    that the figures of any earlier day stay what they were."""
    member = _still_here(member, by=by)
    not_ahead(since, on)
    _not_before(since, member.since)
    if kind == member.kind:
        raise Refused(
            Refused.BAD_INPUT,
            _("This is on record already: %(kind)s.") % {"kind": member.get_kind_display()},
        )
    member.until = since
    member.save(update_fields=["until"])
    after = Member.objects.create(
        county=member.county, firm=member.firm, branch=member.branch, name=member.name,
        kind=kind, since=since,
    )  # fmt: skip
    _say("member.kind_changed", after, by=by)
    return after


def look_at_card(member: Member, *, by) -> None:
    """Write down that somebody saw a member's whole name."""
    _say("member.card_seen", member, by=by)


def _settle(firm, earlier, made: GuidanceRecord) -> None:
    """Mark what earlier records wanted followed up as done; the firm's lock is held."""
    pks = {record.pk for record in earlier}
    open_ = GuidanceRecord.objects.unsettled().filter(firm=firm, pk__in=pks)
    if open_.update(settled_by=made) < len(pks):
        raise Refused(
            Refused.FASTER,
            _("One of the follow-ups that you ticked is done already. Look at the list again."),
        )


@transaction.atomic
def record_guidance(
    firm,
    *,
    day,
    kind,
    done,
    by,
    on,
    key=None,
    follow_up="",
    follow_up_on=None,
    settles=(),
    instructor=None,
) -> GuidanceRecord:
    """Write down what was done for a firm on a day. No place, no photo, no score.

    `settles`: earlier records whose follow-up this one says is done. `instructor`: whose deed it was,
    when another writes it down. Raises Refused.
    """
    firm = locked(firm, by=by, verb="record_guidance")
    not_ahead(day, on)
    if day < firm.opened_on:
        raise Refused(
            Refused.BAD_INPUT,
            _("%(firm)s opened on %(day)s; give a day since then.")
            % {"firm": firm.name, "day": date_format(firm.opened_on)},
        )
    if follow_up_on and follow_up_on < day:
        raise Refused(Refused.BAD_INPUT, _("The day to follow up is before the day itself."))
    made = GuidanceRecord(
        firm=firm, county=firm.county, instructor=instructor or getattr(by, "instructor", None),
        by=by, on=day, kind=kind, done=done, follow_up=follow_up, follow_up_on=follow_up_on,
    )  # fmt: skip
    made.key = key or made.key
    made.save(force_insert=True)
    _settle(firm, settles, made)
    for follow in WHEN_GUIDED:  # before the event: a process is locked before a chain
        follow(made, on=on)
    record("guidance.recorded", by=by, firm=firm, firm_name=firm.name, on=day.isoformat())
    return made
