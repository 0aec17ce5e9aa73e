"""The chart: every cell of stage × move × role, and that the table and the code speak alike."""

import itertools

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Branch, Firm, StageChange
from core.ledger.stages import Operation, Stage, Verb
from tests import county as small
from workflows.coverage import consequences, guards
from workflows.coverage.chart import BY_VERB, CHART, COUNTY, OPERATION, STAGE
from workflows.coverage.door import perform

STATES = [(stage, "operating") for stage in Stage.values] + [
    ("blank", operation) for operation in Operation.values if operation != "operating"
]

# Who has the last word, spelt out here once more on purpose: a slip in VERBS or in the chart
# must not pass because the test reads the same table.
LAST_WORD = {"first": {Role.TOWNSHIP, Role.COUNTY}, COUNTY: {Role.COUNTY}}


def put(firm, stage, operation):
    """Set where a firm stands, past the door, with what the database asks for."""
    has_one = stage in ("affiliated", "standalone")
    branch = small.affiliated_branch(f"Branch {Branch.objects.count()}") if has_one else None
    closed = timezone.localdate() if operation == "closed" else None
    Firm.objects.filter(pk=firm.pk).update(
        stage=stage, operation=operation, branch=branch, closed_on=closed
    )


@pytest.fixture
def met(monkeypatch):
    """Every guard is content, so that the cell is about the chart and the role alone."""
    for move in CHART:
        monkeypatch.setattr(guards, move.when, lambda facts, asked: None)


@pytest.mark.parametrize("role", Role.values)
def test_every_cell_of_stage_and_move_for_a_role(role, county, met):
    by = county.by_role[role]
    for (stage, operation), move in itertools.product(STATES, CHART):
        put(county.tea, stage, operation)
        here = stage if move.track == STAGE else operation
        exists = here in move.sources and not (move.track == STAGE and operation == "closed")
        asked = {"branch": small.affiliated_branch(f"{stage}{operation}{move.verb}{role}"),
                 "branch_name": f"{stage}/{operation} {move.verb}", "resumes_on": None}  # fmt: skip
        before = Event.objects.count(), StageChange.objects.count()
        cell = f"{role}: {stage}/{operation} {move.verb}"
        if exists and role in LAST_WORD[move.decides]:
            case = perform(county.tea, move.verb, by=by, on=county.today, **asked)
            assert getattr(case, move.track) == move.target, cell
            assert StageChange.objects.count() == before[1] + 1, cell
            assert Event.objects.latest("pk").code in {"case.moved", "finding.opened"}, cell
        else:
            with pytest.raises(Refused) as refusal:
                perform(county.tea, move.verb, by=by, on=county.today, **asked)
            wanted = {Refused.NOT_YOURS} if exists else {Refused.NO_SUCH_MOVE, Refused.NOT_NOW}
            assert refusal.value.code in wanted, cell
            assert (Event.objects.count(), StageChange.objects.count()) == before, cell


def test_the_line_department_has_the_first_levels_last_word_for_its_own_firms(county, met):
    perform(county.mall, "organise_mass", by=county.chen_jing, on=county.today)
    with pytest.raises(Refused):
        perform(county.tea, "organise_mass", by=county.chen_jing, on=county.today)
    with pytest.raises(Refused):  # the township is informed of line-managed firms, no more
        perform(county.mall, "cover_work", by=county.wang_fang, on=county.today)


def test_another_area_is_another_area(county, met):
    for stranger in (county.he_jun, small.person("far", Role.COUNTY, small.AWAY)):
        with pytest.raises(Refused) as refusal:
            perform(county.tea, "organise_mass", by=stranger, on=county.today)
        assert refusal.value.code == Refused.NOT_YOURS


def test_the_chart_speaks_only_known_words():
    states = {STAGE: set(Stage.values), OPERATION: set(Operation.values)}
    assert set(BY_VERB) == set(Verb.values)
    assert len(BY_VERB) == len(CHART)
    for move in CHART:
        assert {*move.sources, move.target} <= states[move.track]
        assert callable(getattr(guards, move.when))
        for name in move.entails:
            assert callable(getattr(consequences, name))


def test_every_stage_can_be_reached_and_left():
    for track, states in ((STAGE, Stage.values), (OPERATION, Operation.values)):
        moves = [move for move in CHART if move.track == track]
        for state in states:
            assert any(move.target == state for move in moves)
            assert any(state in move.sources for move in moves)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (0, "0 full members; a branch of its own needs 3."),
        (1, "1 full member; a branch of its own needs 3."),
        (2, "2 full members; a branch of its own needs 3."),
        (3, None),
        (4, None),
    ],
)
def test_a_branch_of_its_own_needs_three_full_members(members, sentence, county):
    for number in range(members):
        small.member(county.tea, f"Member {number}")
    small.member(county.tea, "Not counted", kind="probationary")
    small.member(county.tea, "Gone", until=county.today)

    def move():
        return perform(
            county.tea, "stand_alone", by=county.zhou_tao, on=county.today, branch_name="Own"
        )

    if sentence is None:
        assert move().stage == "standalone"
        assert Branch.objects.get(name="Own").kind == "standalone"
    else:
        with pytest.raises(Refused) as refusal:
            move()
        assert (refusal.value.code, str(refusal.value)) == (Refused.NOT_NOW, sentence)
