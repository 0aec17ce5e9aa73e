"""The holes of stock viewflow, each closed. A test here fails on the stock behaviour."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow
from viewflow.workflow.context import Context
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.status import STATUS

from core.accounts.models import User
from core.accounts.verbs import Role
from core.errors import Refused
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage import acts, flows
from workflows.coverage.case import Case
from workflows.coverage.chart import CHART
from workflows.coverage.door import perform
from workflows.coverage.flows import StageTransitionFlow
from workflows.engine import verbs
from workflows.engine.flow import DeskFlow
from workflows.engine.models import Process, Task
from workflows.followups.flows import FollowUpFlow
from workflows.inbox import lists
from workflows.notices.models import Notice

FLOWS = (StageTransitionFlow, FollowUpFlow)


def test_1_every_flow_locks_its_process_and_waits_for_the_lock():
    ours = [DeskFlow, *DeskFlow.__subclasses__()]
    assert set(FLOWS) <= set(ours)
    for flow in ours:
        assert isinstance(flow.lock_impl, SelectForUpdateLock)
        assert flow.lock_impl.nowait is False
    strangers = [
        f for f in Flow.__subclasses__() if f is not DeskFlow and "viewflow" not in f.__module__
    ]
    assert not strangers


def test_2_a_task_is_found_by_its_own_number_only(county, own_branch, signed_in):
    """Stock finds a task by its number under any process's number, so the wrong row is locked."""
    routes = str(get_resolver().reverse_dict)
    assert "process_pk" not in routes
    seen = []
    task = at_hand(own_branch)
    with CaptureQueriesContext(connection) as queries, task.activation() as activation:
        seen.append(activation.process.pk)
    assert seen == [own_branch.pk]
    if connection.vendor == "postgresql":
        assert any("FOR UPDATE" in q["sql"] for q in queries)


def test_3_a_revived_task_keeps_its_permission_and_its_scope(county, own_branch):
    task = at_hand(own_branch)
    with task.activation() as activation:
        activation.cancel()
    with task.activation() as activation:
        revived = activation.revive()
    assert revived.owner_permission == "desk.review_township"
    assert (revived.area, revived.firm_id) == (county.tea.area, county.tea.pk)
    assert revived not in Task.objects.queue(county.li_ming)
    with pytest.raises(Refused) as refusal:
        say(revived, D.APPROVE, county.li_ming)
    assert refusal.value.code == Refused.NOT_YOURS
    say(revived, D.APPROVE, county.wang_fang)


@pytest.mark.parametrize("lost", [{"role": Role.AUDITOR}, {"area": small.WEST}, {"is_active": False}])
def test_3_power_is_asked_again_when_a_task_is_carried_out(county, own_branch, lost):
    task = at_hand(own_branch)
    verbs.claim(task, by=county.wang_fang)
    User.objects.filter(pk=county.wang_fang.pk).update(**lost)
    with pytest.raises(Refused) as refusal:
        say(task, D.APPROVE, User.objects.get(pk=county.wang_fang.pk))
    assert refusal.value.code == Refused.NOT_YOURS


def test_4_no_list_shows_another_township_its_tasks_or_processes(county, own_branch):
    for stranger in (county.he_jun, county.zhao_qiang, county.gao_yuan, county.chen_jing):
        for rows in (
            Task.objects.visible_to(stranger), Task.objects.queue(stranger),
            Task.objects.mine(stranger), *lists.waiting(stranger),
            Process.objects.visible_to(stranger),
        ):  # fmt: skip
            assert not rows.exists()
    assert Task.objects.queue(county.wang_fang).exists()


def test_4_each_list_is_one_statement(county, own_branch, django_assert_num_queries):
    tasks = Task.objects
    for rows in (tasks.queue(county.wang_fang), tasks.mine(county.li_ming)):
        with django_assert_num_queries(1):
            list(rows)


def test_5_when_a_task_was_taken_is_written_down(county, own_branch):
    verbs.claim(at_hand(own_branch), by=county.wang_fang)
    assert at_hand(own_branch).assigned is not None
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Add the minutes.")
    assert at_hand(own_branch).assigned is not None  # given to the proposer at once


def test_5_a_finished_process_cannot_be_cancelled(county, own_branch):
    say(at_hand(own_branch), D.REJECT, county.wang_fang, "Not yet.")
    with pytest.raises(Refused) as refusal:
        StageTransitionFlow.instance.cancel(own_branch)
    assert refusal.value.code == Refused.FASTER
    own_branch.refresh_from_db()
    assert own_branch.status == "DONE"


def test_5_a_revived_task_has_its_deadline_again(county, own_branch):
    task = at_hand(own_branch)
    assert task.due_at == task.created + timedelta(days=10)
    with task.activation() as activation:
        activation.cancel()
    with task.activation() as activation:
        revived = activation.revive()
    assert revived.due_at == revived.created + timedelta(days=10)


def test_6_the_inbox_page_does_not_grow_with_the_queue(county, own_branch, signed_in):
    browser = signed_in(county.wang_fang)
    browser.get("/tasks/queue/")
    with CaptureQueriesContext(connection) as few:
        small_page = browser.get("/tasks/queue/")
    task = at_hand(own_branch)
    for _n in range(120):
        Task.objects.create(process_id=own_branch.pk, flow_task=task.flow_task, token=task.token,
                            owner_permission=task.owner_permission, status=STATUS.NEW)  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/tasks/queue/")
    assert len(many) == len(few)
    assert len(page.content) < len(small_page.content) + 40 * 2000
    assert page.content.count(b"<option") == small_page.content.count(b"<option")


@pytest.mark.parametrize("background", [True, False])
def test_7_a_failing_step_rolls_everything_back_and_stores_no_variables(
    county, own_branch, monkeypatch, background
):  # fmt: skip
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)

    def breaks(*args, **kwargs):
        secret_in_a_local_variable = "a member's name"
        raise RuntimeError("the disk is full" + secret_in_a_local_variable[:0])

    monkeypatch.setattr(flows, "perform", breaks)
    with pytest.raises(RuntimeError), Context(propagate_exception=not background):
        say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    assert not Task.objects.filter(status=STATUS.ERROR).exists()
    assert at_hand(own_branch).step == "county_decision"
    assert at_hand(own_branch).owner is None
    own_branch.refresh_from_db()
    assert own_branch.finished is None
    assert not any("member's name" in str(task.data) for task in Task.objects.all())


def test_7_no_node_of_ours_swallows_errors():
    for flow in FLOWS:
        for node in flow.instance.nodes():
            guard = node.activation_class.exception_guard
            if guard is Activation.exception_guard:  # nodes that never call it
                assert node.task_type == "START"


@pytest.mark.django_db(transaction=True)
def test_8_nobody_is_told_of_what_did_not_happen(county, monkeypatch):
    small.union(county.tea)

    def breaks(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(acts, "tell_all", breaks)
    with pytest.raises(RuntimeError):
        acts.propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="x")
    assert not Notice.objects.exists()
    assert not Process.objects.exists()


def test_9_the_pages_are_ours_and_the_titles_are_translated():
    for flow in FLOWS:
        for node in flow.instance.nodes():
            if node.task_type == "HUMAN":
                assert node.task_title.__class__.__name__ == "__proxy__"  # gettext_lazy


def test_11_every_node_that_ever_ran_is_still_there():
    """Renaming a node orphans running tasks: add a data migration, then change this list."""
    names = {f.__name__: sorted(n.name for n in f.instance.nodes()) for f in FLOWS}
    assert names == {
        "StageTransitionFlow": [
            "answer", "apply", "approved", "back_to_the_asker", "begin", "correct",
            "county_decision", "line_review", "opinion", "rejected", "route", "township_review",
            "turn_down",
        ],
        "FollowUpFlow": ["begin", "closed", "look_into"],
    }  # fmt: skip


def test_12_a_task_knows_its_address_before_any_url_is_loaded():
    code = (
        "import django; django.setup();"
        "from workflows.engine.models import Task;"
        "print(Task(pk=7).get_absolute_url())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "/tasks/7/", done.stderr


def test_13_only_nodes_of_the_free_package_are_used():
    for flow in FLOWS:
        for node in flow.instance.nodes():
            home = {base.__module__ for base in type(node).__mro__}
            assert any(name.startswith("viewflow.workflow.nodes") for name in home)


def test_14_django_fsm_alone_does_not_move_a_firm(county):
    """Conditions and permissions of django-fsm are queries, not gates: the state is protected,
    and a method called past the door is not saved over a move that happened meanwhile."""
    case = Case.objects.get(pk=county.tea.pk)
    with pytest.raises(AttributeError):
        case.stage = "standalone"
    stale = Case.objects.get(pk=county.tea.pk)
    case.organise_mass()
    case.save()
    stale.cover_work()
    with pytest.raises(Exception, match="state has been changed"):
        stale.save()


def test_14_only_the_door_calls_the_moves():
    moves = {move.verb for move in CHART}
    for path in [
        *(settings.BASE_DIR / "workflows").rglob("*.py"),
        *(settings.BASE_DIR / "core").rglob("*.py"),
    ]:
        if path.name in {"door.py", "case.py"}:
            continue
        text = path.read_text(encoding="utf-8")
        for verb in moves - {"close", "pause", "resume"}:
            assert f".{verb}(" not in text, f"{path}: {verb}"


def test_a_firm_is_moved_by_nobody_below_the_last_word(county):
    for name in "ABC":
        small.member(county.tea, name)
    for person in (county.li_ming, county.wang_fang, county.chen_jing, county.sun_li,
                   county.zheng_guan, county.wu_laoban):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            perform(county.tea, "stand_alone", by=person, on=county.today, branch_name="B")
        assert refusal.value.code == Refused.NOT_YOURS
