"""What stands against sending an instructor to a firm, row by row."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.accounts.models import Area
from core.errors import Refused
from core.people.assigning import assign
from core.people.fitness import objections
from core.people.models import Instructor
from core.people.ties import Tie
from core.people.training import Training
from tests import county as small
from tests.workflows.sending import asked
from workflows.assignments.models import AssignmentAnswer, AssignmentRequest

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def trained(county):
    """They have had the training of the year: row by row only one thing speaks against them."""
    for one in (county.guide_li, county.guide_zhao):
        Training.objects.create(
            instructor=one, day=county.today, days=3, subject="Rules", by=county.wang_fang
        )


def sent_to(county, many):
    for n in range(many - 1):  # Li Ming has the tea firm already
        small.assign(county.guide_li, small.firm(f"Firm {n}"))


def left(county):
    county.guide_li.left_on = county.today


def no_member(county):
    county.guide_li.full_member = False


def term_over(county):
    county.guide_li.term_until = county.today - timedelta(days=1)


def term_ahead(county):
    county.guide_li.term_from = county.today + timedelta(days=1)


def takes_more_later(county):
    county.guide_li.takes_more_from = county.today + timedelta(days=30)


def former_employer(county):
    tie(county, Tie.Kind.EMPLOYER)


def relative(county):
    tie(county, Tie.Kind.RELATIVE)


def tie(county, kind, **more):
    Tie.objects.create(instructor=county.guide_li, firm=county.mall, kind=kind,
                       declared_on=county.today, by=county.wang_fang, **more)  # fmt: skip


def single(county):
    county.guide_li.mode = Instructor.Mode.SINGLE


def usual_number(county):
    sent_to(county, 3)


def most(county):
    sent_to(county, 5)


def most_by_proposals(county):
    sent_to(county, 4)
    asked(county, small.firm("Proposed"))


def somewhere_else(county):
    county.guide_li.area = small.WEST


def taken(county):
    small.assign(county.guide_zhao, county.mall)


def closed(county):
    small.put(county.mall, operation="closed", closed_on=county.today)
    county.mall.refresh_from_db()


def paused(county):
    small.put(county.mall, operation="paused")
    county.mall.refresh_from_db()


def term_short(county):
    county.guide_li.term_until = county.today + timedelta(days=59)


def other_county(county):
    county.guide_li.area, county.guide_li.county = small.AWAY_TOWN, small.AWAY


def half_trained(county):
    county.guide_li.trainings.update(days=Decimal("1.5"))


def trained_last_year(county):
    county.guide_li.trainings.update(day=county.today.replace(year=county.today.year - 1))


ROWS = [
    (left, "left", "block", "Li Ming stopped on"),
    (no_member, "not_full_member", "block", "Li Ming is not a full member in good standing."),
    (term_over, "term_over", "block", "The term of Li Ming ended on"),
    (term_ahead, "term_ahead", "block", "The term of Li Ming begins on"),
    (former_employer, "employer", "block", "declared this firm as a former employer"),
    (relative, "relative", "block", "declared that a relative works in this firm"),
    (single, "single", "block", "sent to one firm only"),
    (most, "hard_cap", "block", "Li Ming guides 5 firms."),
    (most_by_proposals, "hard_cap", "block", "further ones are proposed: 1"),
    (taken, "taken", "block", "Zhao Qiang guides this firm since"),
    (closed, "closed", "block", "Qinghe Mall is closed."),
    (other_county, "other_county", "block", "belongs to another county"),
    (paused, "paused", "warn", "Qinghe Mall is not in operation now."),
    (term_short, "term_short", "warn", "The term of Li Ming ends on"),
    (usual_number, "cap", "warn", "Li Ming guides 3 firms."),
    (takes_more_later, "takes_more_later", "warn", "takes further firms from"),
    (somewhere_else, "area", "warn", "lies outside the areas"),
    (half_trained, "training", "note", "Li Ming has 1.5 days of training this year. An instructor is"),
    (trained_last_year, "training", "note", "Li Ming has 0 days of training this year."),
]


@pytest.mark.parametrize(("facts", "code", "treat", "says"), ROWS, ids=[row[1] for row in ROWS])
def test_each_objection_blocks_warns_or_tells_with_a_sentence(county, facts, code, treat, says):
    assert objections(county.mall, county.guide_li, on=county.today) == []
    facts(county)
    found = objections(county.mall, county.guide_li, on=county.today)
    assert [(one.code, one.treat) for one in found] == [(code, treat)]
    assert says in found[0].sentence


def test_a_missing_training_is_said_and_asks_for_no_tick(county):
    half_trained(county)
    assign(county.mall, county.guide_li, since=county.today, by=county.wang_fang, on=county.today)


def test_the_night_has_a_sentence_for_every_block():
    assert set(AssignmentAnswer.FOUND) == {code for _f, code, treat, _s in ROWS if treat == "block"}


def test_a_tie_that_ended_stands_against_nothing(county):
    tie(county, Tie.Kind.RELATIVE, ended_on=county.today)
    assert objections(county.mall, county.guide_li, on=county.today) == []


def test_a_further_area_is_no_other_place(county):
    county.guide_zhao.further_areas.add(Area.objects.get(code=small.EAST))
    assert objections(county.mall, county.guide_zhao, on=county.today) == []


def test_blocks_come_before_warnings(county):
    takes_more_later(county), left(county), usual_number(county)
    found = objections(county.mall, county.guide_li, on=county.today)
    assert [one.treat for one in found] == ["block", "warn", "warn"]


def test_a_warning_is_said_and_may_be_overruled_by_the_register_and_by_a_proposal(county):
    takes_more_later(county)
    county.guide_li.save()
    given = {"since": county.today, "by": county.wang_fang, "on": county.today}
    with pytest.raises(Refused, match="takes further firms from .*assign all the same"):
        assign(county.mall, county.guide_li, **given)
    assign(county.mall, county.guide_li, all_the_same=True, **given)


def test_a_block_refuses_the_register_and_a_proposal(county):
    relative(county)
    given = {"since": county.today, "by": county.wang_fang, "on": county.today, "all_the_same": True}
    with pytest.raises(Refused, match="relative"):
        assign(county.mall, county.guide_li, **given)
    with pytest.raises(Refused, match="relative"):
        asked(county)
    assert not AssignmentRequest.objects.exists()
