"""Branches of a conversation side by side: both begin at once, what follows waits for both."""

import sys
from types import ModuleType

import pytest

from tests.workflows.test_races import at_once
from workflows.engine.flow import (
    DeskFlow,
    End,
    Function,
    Join,
    Split,
    StartHandle,
    Switch,
    end_other_branches,
    this,
)
from workflows.engine.human import HumanTask
from workflows.engine.models import Process, Task
from workflows.engine.verbs import carry_out


def pairing_flow():
    """One picks, one brews, then somebody pours; who has spoilt the leaves ends it all."""

    class PairingFlow(DeskFlow):
        __module__ = "workflows.pairing"

        begin = StartHandle(this.fill_in).Next(this.both)
        both = Split().Always(this.pick).Always(this.brew)
        pick = HumanTask().Permission("desk.review_township").Next(this.picked)
        picked = Switch().Case(this.stop, this.is_spoilt).Default(this.ready)
        brew = HumanTask().Permission("desk.review_township").Next(this.ready)
        ready = Join().Next(this.pour)
        pour = HumanTask().Permission("desk.review_township").Next(this.closed)
        stop = Function(this.end_the_rest).Next(this.spoilt)
        closed = End()
        spoilt = End()

        def fill_in(self, activation, *, firm):
            for name in ("county", "area", "line_id"):
                setattr(activation.process, name, getattr(firm, name))
            activation.process.firm, activation.process.subject = firm, "pairing"
            return activation.process

        def is_spoilt(self, activation):
            return activation.process.data.get("spoilt")

        def end_the_rest(self, activation):
            end_other_branches(activation)

    return PairingFlow


@pytest.fixture
def pairing(county, monkeypatch):
    room = ModuleType("workflows.pairing")
    room.PairingFlow = pairing_flow()
    monkeypatch.setitem(sys.modules, "workflows.pairing", room)
    return room.PairingFlow.begin.run(firm=county.tea)


def open_steps(process) -> dict:
    return {task.step: task for task in Task.objects.human().open().filter(process_id=process.pk)}


def do(process, step, by, **said):
    def act(activation):
        activation.process.data |= said
        activation.process.save(update_fields=["data"])

    carry_out(open_steps(process)[step], by=by, act=act)


@pytest.mark.parametrize("order", [("pick", "brew"), ("brew", "pick")])
def test_what_follows_waits_for_both(county, pairing, order):
    assert set(open_steps(pairing)) == {"pick", "brew"}
    do(pairing, order[0], county.wang_fang)
    assert set(open_steps(pairing)) == {order[1]}
    do(pairing, order[1], county.wang_fang)
    assert set(open_steps(pairing)) == {"pour"}
    assert Process.objects.get(pk=pairing.pk).finished is None
    do(pairing, "pour", county.wang_fang)
    assert Process.objects.get(pk=pairing.pk).finished


def test_one_branch_may_end_the_other(county, pairing):
    do(pairing, "pick", county.wang_fang, spoilt=True)
    assert open_steps(pairing) == {}
    assert Process.objects.get(pk=pairing.pk).finished
    ended = {task.step: task.status for task in Task.objects.human().filter(process_id=pairing.pk)}
    assert ended == {"pick": "DONE", "brew": "CANCELED"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_branches_that_end_at_once_are_joined_once(county, pairing):
    at_once(
        lambda: do(pairing, "pick", county.wang_fang), lambda: do(pairing, "brew", county.wang_fang)
    )
    assert set(open_steps(pairing)) == {"pour"}
    assert Task.objects.human().filter(process_id=pairing.pk).count() == 3
