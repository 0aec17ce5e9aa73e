"""Proposals, answers, leaves, recalls, closures and nights in any order: no open task of an
assignment is ever without exactly one responsible person or queue."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.accounts.acts import close_account, reopen_account
from core.accounts.leave import go_on_leave
from core.accounts.models import User
from core.errors import Refused
from core.ledger.acts import change
from core.ledger.models import Firm
from core.people.assigning import assign, unassign
from core.people.models import Assignment, Instructor
from tests import county as small
from tests.workflows.sending import contact_of
from workflows.assignments.acts import (
    answer_assignment,
    choose_again,
    propose_assignment,
    withdraw_assignment,
)
from workflows.assignments.flows import AssignmentFlow
from workflows.assignments.following import look_again
from workflows.assignments.issuing import issue_list, ready_tasks
from workflows.assignments.models import AssignmentList, AssignmentRequest
from workflows.coverage.acts import decide as decide_stage
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs
from workflows.engine.models import Process, Task
from workflows.nightly import night, sweep
from workflows.recalls.acts import decide_recall, propose_recall

which = st.integers(0, 30)
ANSWERS = ("unit_answer", "instructor_answer", "firm_answer")


class SendingLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.county = c = small.build()
        self.day = c.today
        self.firms = [c.tea, c.mall, *(small.firm(f"East {name}") for name in ("Mill", "Inn", "Ink"))]
        contact = contact_of(c.mall)
        self.people = [
            c.wang_fang, c.zhou_tao, c.he_jun, c.li_ming, c.zhao_qiang, c.xu_min, contact, c.wu_laoban,
            small.person("liu.yan", small.Role.TOWNSHIP, small.EAST),
            small.person("qian.yi", small.Role.COUNTY, small.COUNTY),
        ]  # fmt: skip
        small.instructor("Tang Yu")
        for n in (1, 2):
            self.goes_well(n, 0, 0, n)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def person(self, n) -> User:
        return User.objects.get(pk=self.people[n % len(self.people)].pk)

    def firm(self, n) -> Firm:
        return Firm.objects.get(pk=self.firms[n % len(self.firms)].pk)

    def guide(self, n) -> Instructor:
        known = Instructor.objects.filter(county=small.COUNTY).order_by("pk")
        return known[n % len(known)]

    def task(self, n):
        open_ = list(Task.objects.human().open().order_by("pk"))
        return open_[n % len(open_)] if open_ else None

    def attempt(self, act):
        with suppress(Refused), transaction.atomic():
            act()

    # -- the conversation

    @rule(n=which, by=which, guide=which)
    def proposes(self, n, by, guide):
        self.attempt(lambda: propose_assignment(
            self.firm(n), self.guide(guide), by=self.person(by % 3), at=timezone.now()
        ))  # fmt: skip

    @rule(n=which, by=which, guide=which, far=st.integers(1, 4))
    def goes_well(self, n, by, guide, far):
        """The way that most proposals go, so that the rest is reached at all."""
        self.proposes(n, by, guide)
        for _step in range(far):
            asked = Task.objects.human().open().filter(firm=self.firm(n)).order_by("pk")
            if task := asked.filter(process__subject="assignment").first():
                who = task.owner or task.candidates().first()
                if who and task.step in ANSWERS:
                    self.attempt(lambda task=task, who=who: self._answer(task, who, True, n))

    @rule(n=which, by=which, agrees=st.sampled_from([True, True, True, False]))
    def answers(self, n, by, agrees):
        task = self.task(n)
        again = Task.objects.human().open().filter(flow_task=AssignmentFlow.choose_again).first()
        if task := again if by % 3 == 0 and again else task:
            who = task.owner or task.candidates().first() or self.person(by)
            self.attempt(lambda: self._answer(task, User.objects.get(pk=who.pk), agrees, by))

    def _answer(self, task, who, agrees, n):
        given = {"by": who, "at": timezone.now()}
        if task.step in ANSWERS:
            answer_assignment(task, agrees=agrees, reason="So.", how="phone", **given)
        elif task.step == "issue_assignment" and not agrees:
            answer_assignment(task, agrees=False, reason="Later.", **given)
        elif task.step == "choose_again":
            guide = self.guide(n) if agrees else None
            choose_again(task, instructor=guide, reasons="So.", **given)
        elif task.step == "recall_decision":
            decide_recall(task, approve=agrees, comment="So.", **given)
        elif task.process.subject == "transition":
            decide_stage(task, "approve" if agrees else "reject", comment="So.", **given)

    @rule(n=which, all_=st.booleans())
    def issues(self, n, all_):
        ready = [task.process.coerced for task in ready_tasks().order_by("pk")]
        if ready:
            chosen = ready if all_ else [ready[n % len(ready)]]
            self.attempt(lambda: issue_list(chosen, by=self.person(1), at=timezone.now()))

    @rule(n=which)
    def withdraws(self, n):
        for asked in AssignmentRequest.objects.open().filter(firm=self.firm(n)):
            self.attempt(lambda asked=asked: withdraw_assignment(
                asked, by=asked.opened_by, at=timezone.now(), reason="No."
            ))  # fmt: skip

    @rule(n=which, by=which)
    def recalls(self, n, by):
        self.attempt(lambda: propose_recall(
            self.firm(n), reason="post", words="Moved.", by=self.person(by % 3)
        ))  # fmt: skip

    # -- what happens around it

    @rule(n=which, guide=which, ends=st.booleans())
    def the_register_is_written(self, n, guide, ends):
        given, firm = {"by": self.county.zhou_tao, "on": self.day}, self.firm(n)
        if ends:
            self.attempt(lambda: unassign(firm, until=self.day, why="ended", **given))
        else:
            self.attempt(lambda: assign(
                firm, self.guide(guide), since=self.day, all_the_same=True, **given
            ))  # fmt: skip

    @rule(n=which)
    def a_firm_closes(self, n):
        def close():
            by = self.person(0)
            asked = propose(self.firm(n), "close", by=by, on=self.day, reason="It closes.")
            step = Task.objects.human().open().get(process_id=asked.pk)
            decide_stage(step, "approve", by=self.person(1), at=timezone.now(), comment="Yes.")

        if n % 3 == 0:
            self.attempt(close)

    @rule(n=which, west=st.booleans())
    def a_firm_moves(self, n, west):
        firm, area = self.firm(n), small.WEST if west else small.EAST
        self.attempt(lambda: change(
            firm, by=self.county.zhou_tao, on=self.day, version=firm.version, area=area
        ))  # fmt: skip

    @rule(n=which, guide=which)
    def a_term_ends(self, n, guide):
        over = self.day + timedelta(days=-1 if n % 2 else 300)
        Instructor.objects.filter(pk=self.guide(guide).pk).update(term_until=over)
        look_again(self.day, timezone.now())

    @rule(n=which, to=which)
    def goes_on_leave(self, n, to):
        who = self.person(n)
        self.attempt(lambda: go_on_leave(
            who, substitute=self.person(to), since=self.day, until=self.day, by=who, on=self.day
        ))  # fmt: skip

    @rule(n=which, again=st.sampled_from([True, True, False]))
    def an_account_is_closed_or_opened(self, n, again):
        act = reopen_account if again else close_account
        self.attempt(lambda: act(self.person(n), by=self.county.zheng_guan))

    @rule(n=which, by=which, to=which, how=st.sampled_from(["claim", "release", "reassign", "lend"]))
    def a_task_changes_hands(self, n, by, to, how):
        if (task := self.task(n)) is None:
            return
        who = task.owner or self.person(by)
        self.attempt({
            "claim": lambda: verbs.claim(task, by=self.person(by)),
            "release": lambda: handing.release(task, by=who),
            "reassign": lambda: handing.reassign(task, by=who, to=self.person(to)),
            "lend": lambda: handing.delegate(task, by=who, to=self.person(to), wish="Ask."),
        }[how])  # fmt: skip

    @rule()
    def a_night_passes(self):
        night(self.day)

    @rule()
    def deadlines_pass(self):
        late = timezone.now() - timedelta(hours=1)
        for task in Task.objects.human().open():
            Task.objects.filter(pk=task.pk).update(due_at=late)
        sweep()

    # -- what must always be true

    @invariant()
    def every_open_task_has_exactly_one_responsible(self):
        for task in Task.objects.human().open().select_related("owner", "delegated_by"):
            if task.owner is None:
                assert task.status == "NEW" and task.owner_permission and not task.delegated_by
                continue
            assert task.status == "ASSIGNED"
            whose = task.delegated_by or task.owner
            assert task.left_behind or whose.is_active, (task.step, whose)

    @invariant()
    def every_open_conversation_waits_for_somebody(self):
        for process in Process.objects.filter(subject__in=("assignment", "recall")):
            steps = sorted(
                task.step for task in Task.objects.human().open().filter(process_id=process.pk)
            )
            if process.finished:
                assert steps == []
            elif len(steps) == 2:
                assert steps == ["firm_answer", "instructor_answer"]
            else:
                assert len(steps) == 1, steps

    @invariant()
    def lists_and_assignments_fit_each_other(self):
        made = AssignmentList.objects.order_by("number").values_list("number", flat=True)
        assert list(made) == list(range(1, len(made) + 1))
        for asked in AssignmentRequest.objects.all():
            assert bool(asked.finished) == (asked.outcome != "open")
            assert (asked.outcome == "begun") == (asked.assignment_id is not None)
            assert asked.issued_in_id is None or asked.outcome == "begun"
        now = Assignment.objects.current().values("firm_id")
        assert not AssignmentRequest.objects.open().filter(firm__in=now).exists()
        assert (
            not Process.objects.open().filter(firm__operation="closed", subject="assignment").exists()
        )


@pytest.mark.django_db
def test_no_task_of_an_assignment_is_ever_nobodys():
    run_state_machine_as_test(
        SendingLife,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
