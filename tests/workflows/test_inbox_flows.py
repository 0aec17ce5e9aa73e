"""A flow declares itself in one place and is there: in the lists, on a page, in the filters."""

import sys
from types import ModuleType
from uuid import uuid4

import pytest
from django.urls import get_resolver

from workflows.apps import WorkflowsConfig
from workflows.assignments.flows import AssignmentFlow
from workflows.coverage.flows import StageTransitionFlow
from workflows.engine import desk as desks
from workflows.engine.desk import DESKS, Desk, desk
from workflows.engine.flow import DeskFlow, End, StartHandle, this
from workflows.engine.human import HumanTask
from workflows.engine.models import Task
from workflows.engine.verbs import carry_out
from workflows.evaluations.flows import EvaluationFlow
from workflows.followups.flows import FollowUpFlow
from workflows.handovers.flows import HandoverFlow
from workflows.recalls.flows import RecallFlow

pytestmark = pytest.mark.usefixtures("english")


def tasting_flow():
    """A flow of one step."""

    class TastingFlow(DeskFlow):
        __module__ = "workflows.tasting"

        begin = StartHandle(this.fill_in).Next(this.taste)
        taste = (
            HumanTask()
            .Annotation(title="Taste the tea")
            .Permission("desk.review_township")
            .Due("follow_up_deadline")
            .Next(this.closed)
        )
        closed = End()

        def fill_in(self, activation, *, firm):
            for name in ("county", "area", "line_id"):
                setattr(activation.process, name, getattr(firm, name))
            activation.process.firm, activation.process.subject = firm, "tasting"
            return activation.process

    return TastingFlow


@pytest.fixture
def tasting(monkeypatch):
    """A room as another one might come: a flow and the desk for its step."""
    room = ModuleType("workflows.tasting")
    room.TastingFlow = tasting_flow()
    monkeypatch.setitem(sys.modules, "workflows.tasting", room)
    monkeypatch.setattr(desks, "DESKS", DESKS)
    monkeypatch.delitem(DESKS, "taste", raising=False)

    @desks.desk("taste")
    class TastingDesk(Desk):
        template = "followups/desk_look_into.html"
        done = "It tastes well."

        def why(self, task):
            return "The first leaves came in."

        def asks(self, task):
            return "Drink a cup."

        def follows(self, task):
            return "Somebody pours the next one."

        def act(self, task, form, *, by, on, at):
            carry_out(task, by=by, act=lambda activation: None)
            return "/tasks/"

    yield room.TastingFlow
    del DESKS["taste"]


def test_a_flow_that_is_declared_is_in_the_list_on_its_page_and_can_be_done(county, tasting, signed_in):
    tasting.begin.run(firm=county.tea)
    task = Task.objects.human().get(process__subject="tasting")
    browser = signed_in(county.wang_fang)
    shown = browser.get("/tasks/queue/?step=taste")
    assert [row["task"] for row in shown.context["rows"]] == [task]
    page = browser.get(f"/tasks/{task.pk}/").content.decode()
    for said in ("The first leaves came in.", "Drink a cup.", "Somebody pours the next one."):
        assert said in page
    browser.post(f"/tasks/{task.pk}/", {"key": uuid4()})
    assert [row["task"] for row in browser.get("/tasks/done/").context["rows"]] == [task]


def test_every_human_step_of_every_flow_has_a_desk_and_a_deadline():
    """Without a desk its page fails; without a deadline no list can put it in order."""
    get_resolver().url_patterns  # loads every flow that has a page  # noqa: B018
    steps = {
        node.name: node
        for flow in (
            StageTransitionFlow,
            FollowUpFlow,
            AssignmentFlow,
            RecallFlow,
            EvaluationFlow,
            HandoverFlow,
        )  # fmt: skip
        for node in flow.instance.nodes()
        if isinstance(node, HumanTask)
    }
    assert set(steps) == set(DESKS)
    assert [name for name, node in steps.items() if not (node._due_rule or node.until)] == []


def test_two_flows_may_not_name_a_step_alike():
    """A task is known by the name of its step: the second desk would serve both."""
    with pytest.raises(ValueError, match="unit_answer"):
        desk("unit_answer", "of_another_flow")(Desk)
    assert "of_another_flow" not in DESKS


def test_every_desk_answers_the_three_questions_itself():
    for step, one in DESKS.items():
        for question in ("why", "asks", "follows"):
            assert getattr(type(one), question) is not getattr(Desk, question), (step, question)


def test_a_room_with_desks_is_loaded_with_the_app(monkeypatch):
    """Whatever room has a file `desks` is imported when the app is ready, and no other."""
    loaded = []
    monkeypatch.setattr("workflows.apps.import_module", loaded.append)
    WorkflowsConfig("workflows", sys.modules["workflows"]).ready()
    assert {"workflows.coverage.desks", "workflows.followups.desks"} <= set(loaded)
    assert "workflows.notices.desks" not in loaded
