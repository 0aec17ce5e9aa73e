"""Whose a firm in a round is, asked of the ledger each time: the instructor who guides it now (or who
stands in for them), else the township's office; from the day after the last one the office's."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from core.accounts.absence import stood_in_for
from core.accounts.models import User
from core.accounts.verbs import Role
from core.ledger.scope import within
from core.people.models import Assignment
from core.people.who import prefixes
from workflows.live.outbox import say
from workflows.surveys.models import SurveyFirm, SurveyRound

State, Outcome = SurveyFirm.State, SurveyFirm.Outcome


def guided_by_account():
    """Whether the firm of a row has an instructor who can sign in."""
    return Exists(
        Assignment.objects.current().filter(
            firm=OuterRef("firm"), instructor__user__is_active=True,
            instructor__user__role=Role.INSTRUCTOR,
        )
    )  # fmt: skip


def waiting_for(user, *, on: date):
    """The rows of open rounds that wait for a person, or for those for whom they stand in."""
    theirs = Q(pk__in=[])
    for person in (user, *stood_in_for(user)):
        theirs |= _of(person, on)
    return SurveyFirm.objects.filter(theirs, round__in=SurveyRound.objects.open().values("pk"))


def _of(person, on: date) -> Q:
    open_ = Q(state=State.OPEN)
    if person.role == Role.INSTRUCTOR:
        guided = Assignment.objects.current().filter(instructor__user=person).values("firm_id")
        return open_ & Q(round__until__gte=on, firm__in=guided)
    if person.role == Role.TOWNSHIP:
        left = open_ & (Q(round__until__lt=on) | ~guided_by_account())
        return within(person.area) & (left | Q(state=State.NOT_FOUND, outcome=""))
    if person.role == Role.COUNTY:
        return within(person.area) & Q(outcome=Outcome.MOVED, moved=False)
    return Q(pk__in=[])


def waiting_by_round(user, *, on: date) -> list[dict]:
    """How many rows of each round wait for a person: round, its title, until when, how many."""
    if not user.may("answer_survey"):
        return []
    rows = waiting_for(user, on=on).order_by()
    found = rows.values("round", "round__title", "round__until").annotate(many=Count("pk"))
    return list(found.order_by("round__until", "round"))


def concerned(made: SurveyRound, *, on: date) -> Q:
    """The people (a condition on users) for whom something of a round is open."""
    open_ = made.firms.filter(state=State.OPEN)
    guides = Assignment.objects.current().filter(
        firm__in=open_.values("firm_id"), instructor__user__isnull=False
    )
    instructors = Q(pk__in=guides.order_by().values("instructor__user_id"), role=Role.INSTRUCTOR)
    left = open_ if made.until < on else open_.filter(~guided_by_account())
    areas = set(left.order_by().values_list("area", flat=True).distinct())
    above = {code for area in areas for code in prefixes(area) if len(code) > 6}
    offices = Q(role=Role.TOWNSHIP, area__in=sorted(above))
    return offices if made.until < on else instructors | offices


def say_moved(row: SurveyFirm) -> None:
    """Tell the open pages of those who look at the round, and of who guides the firm."""
    guides = Assignment.objects.current().filter(firm=row.firm_id).values("instructor__user_id")
    offices = Q(role__in=(Role.COUNTY, Role.TOWNSHIP), area__in=prefixes(row.area))
    people = User.objects.filter(offices | Q(pk__in=guides), is_active=True)
    say("survey", to=people.values_list("pk", flat=True), ref=row.round_id)
