"""People come and go, work is lent and called back, firms move and close: no open task is ever
without exactly one responsible person or queue."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.accounts.absence import Leave
from core.accounts.acts import change_place, close_account, reopen_account
from core.accounts.leave import end_leave, go_on_leave
from core.accounts.models import User
from core.accounts.verbs import Role
from core.errors import Refused
from core.ledger.acts import change
from core.ledger.models import Firm
from core.people.assigning import assign, unassign
from tests import county as small
from workflows.coverage.acts import correct, decide, give_opinion, propose, withdraw
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.coverage.taking_back import take_back
from workflows.engine import handing, pace, verbs
from workflows.engine.models import Process, Task
from workflows.followups import acts as followups
from workflows.followups.acts import handle
from workflows.inbox import comments
from workflows.nightly import night, sweep

D = Opinion.Decision
which = st.integers(0, 30)


class OfficeLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.county = c = small.build()
        self.day = c.today
        self.people = [
            c.li_ming, c.zhao_qiang, c.wang_fang, c.he_jun, c.chen_jing, c.zhou_tao, c.wu_laoban,
            small.person("liu.yan", Role.TOWNSHIP, small.EAST),
            small.person("qian.yi", Role.COUNTY, small.COUNTY),
        ]  # fmt: skip
        for firm in (c.tea, c.mall, c.paper):
            small.union(firm)
            small.visit(firm, by=c.li_ming, on=self.day)
            for _n in range(3):
                small.member(firm)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # -- picking

    def person(self, n) -> User:
        return User.objects.get(pk=self.people[n % len(self.people)].pk)

    def firm(self, n) -> Firm:
        return Firm.objects.get(pk=(self.county.tea, self.county.mall, self.county.paper)[n % 3].pk)

    def task(self, n):
        open_ = list(Task.objects.human().open().order_by("pk"))
        return open_[n % len(open_)] if open_ else None

    def attempt(self, act):
        with suppress(Refused), transaction.atomic():
            act()

    # -- people

    @rule(n=which, to=which, days=st.integers(0, 9))
    def goes_on_leave(self, n, to, days):
        who = self.person(n)
        self.attempt(lambda: go_on_leave(
            who, substitute=self.person(to), since=self.day, until=self.day + timedelta(days=days),
            by=who, on=self.day,
        ))  # fmt: skip

    @rule(n=which)
    def comes_back(self, n):
        if leave := Leave.objects.ahead(self.day).filter(person=self.person(n)).first():
            self.attempt(lambda: end_leave(leave, by=leave.person, on=self.day))

    @rule(n=which)
    def account_is_closed(self, n):
        self.attempt(lambda: close_account(self.person(n), by=self.county.zheng_guan))

    @rule(n=which)
    def account_is_opened_again(self, n):
        self.attempt(lambda: reopen_account(self.person(n), by=self.county.zheng_guan))

    @rule(n=which)
    def account_is_closed_past_the_door(self, n):
        """As an administrator of the database could; the night finds it."""
        User.objects.filter(pk=self.person(n).pk).update(is_active=False)
        night(self.day)

    @rule(n=which, west=st.booleans())
    def somebody_gets_another_place(self, n, west):
        who, area = self.person(n), small.WEST if west else small.EAST
        if who.role == Role.TOWNSHIP:
            self.attempt(lambda: change_place(
                who, by=self.county.zheng_guan, role=Role.TOWNSHIP, area=area
            ))  # fmt: skip

    @rule(n=which, guide=st.booleans())
    def instructor_is_recalled_or_sent(self, n, guide):
        firm, by = self.firm(n), self.county.zhou_tao
        self.attempt(
            lambda: unassign(firm, until=self.day, reason="asked", why="recalled", by=by, on=self.day)
        )
        if guide:
            entry = (self.county.guide_li, self.county.guide_zhao)[n % 2]
            self.attempt(lambda: assign(firm, entry, since=self.day, by=by, on=self.day))

    @rule(n=which, west=st.booleans())
    def firm_moves(self, n, west):
        firm = self.firm(n)
        area = small.WEST if west else small.EAST
        self.attempt(
            lambda: change(firm, by=self.county.zhou_tao, on=self.day, version=firm.version, area=area)
        )

    # -- work

    @rule(n=which, by=which, verb=st.sampled_from(["cover_work", "stand_alone", "close"]))
    def proposes(self, n, by, verb):
        self.attempt(lambda: propose(
            self.firm(n), verb, by=self.person(by), on=self.day, reason="It is so.",
            branch_name=f"Own {TransitionRequest.objects.count()}",
        ))  # fmt: skip

    @rule(n=which, by=which, asked=which, said=st.sampled_from([D.APPROVE, D.APPROVE, *D][:9]))
    def answers(self, n, by, asked, said):
        if task := self.task(n):
            self.attempt(lambda: self._answer(task, self.person(by), said, self.person(asked)))

    @rule(n=which, said=st.sampled_from([D.APPROVE, D.APPROVE, D.RETURN, D.REJECT]))
    def who_may_answers(self, n, said):
        """The way that most tasks go, so that the rest is reached at all."""
        task = self.task(n)
        if task and (who := task.owner or task.candidates().first()):
            self.attempt(lambda: self._answer(task, who, said, None))

    def _answer(self, task, who, said, asked):
        at = timezone.now()
        if task.process.subject != "transition":
            handle(task, by=who, note="Seen to.")
        elif task.step == "opinion":
            give_opinion(task, by=who, at=at, comment="Yes.")
        elif task.step == "correct":
            name = f"Own {Opinion.objects.count()}"
            correct(task, by=who, on=self.day, at=at, reason="Put right.", branch_name=name)
        elif said in (D.APPROVE, D.RETURN, D.REJECT, D.ASK):
            decide(task, said, by=who, at=at, comment="So be it.", asked=asked)

    @rule(n=which, by=which, to=which, how=st.sampled_from(
        ["claim", "release", "reassign", "lend", "report", "call_back", "hold", "resume", "nudge"]
    ))  # fmt: skip
    def a_task_changes_hands(self, n, by, to, how):
        task, who, other = self.task(n), self.person(by), self.person(to)
        if task is None:
            return
        who, at = (task.owner or who) if n % 2 else who, timezone.now()
        self.attempt({
            "claim": lambda: verbs.claim(task, by=who),
            "release": lambda: handing.release(task, by=who),
            "reassign": lambda: handing.reassign(task, by=who, to=other),
            "lend": lambda: comments.lend(task, by=who, to=other, wish="Ask them.", at=at),
            "report": lambda: comments.report(task, by=who, text="Asked.", at=at),
            "call_back": lambda: handing.call_back(task, by=who),
            "hold": lambda: pace.hold(task, by=who, until=self.day + timedelta(days=2), on=self.day),
            "resume": lambda: pace.resume(task, by=who),
            "nudge": lambda: pace.nudge(task, by=who, at=at),
        }[how])  # fmt: skip

    @rule(n=which)
    def takes_back_a_decision(self, n):
        ended = list(Task.objects.human().filter(status="DONE").order_by("pk"))
        if not ended:
            return
        task = ended[n % len(ended)]
        undo = take_back if task.process.subject == "transition" else followups.take_back
        self.attempt(lambda: undo(task, by=task.owner, at=timezone.now()))

    @rule(n=which)
    def withdraws(self, n):
        for asked in TransitionRequest.objects.open().filter(firm=self.firm(n)):
            self.attempt(lambda asked=asked: withdraw(asked, by=asked.opened_by))

    @rule()
    def a_night_passes(self):
        night(self.day)

    @rule()
    def deadlines_pass(self):
        for task in Task.objects.human().open():
            Task.objects.filter(pk=task.pk).update(due_at=timezone.now() - timedelta(hours=1))
        sweep()

    # -- what must always be true

    @invariant()
    def every_open_task_has_exactly_one_responsible(self):
        for task in Task.objects.human().open().select_related("owner", "delegated_by", "process"):
            if task.owner is None:
                assert task.status == "NEW" and task.owner_permission and not task.delegated_by
                continue
            assert task.status == "ASSIGNED"
            whose = task.delegated_by or task.owner
            if task.left_behind:  # on the list of those who dispose of it
                assert Task.objects.orphaned(self.county.zheng_guan).filter(pk=task.pk).exists()
                assert not task.delegated_by
            elif task.owner_permission:
                assert whose.is_active
                can = Task(**{**_row(task), "delegated_by_id": None, "owner_id": whose.pk})
                can.process = task.process
                assert task.flow_task.can_execute(whose, can), (task, whose)
            else:
                assert whose.is_active and task.owner.is_active

    @invariant()
    def every_open_conversation_is_at_one_step(self):
        for process in Process.objects.all():
            steps = Task.objects.human().open().filter(process_id=process.pk).count()
            assert steps == (process.finished is None)


def _row(task) -> dict:
    return {f.attname: getattr(task, f.attname) for f in Task._meta.concrete_fields if not f.generated}


@pytest.mark.django_db
def test_no_task_is_ever_nobodys():
    run_state_machine_as_test(
        OfficeLife,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None,
            phases=[Phase.explicit, Phase.generate],  # to shorten what fails takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
