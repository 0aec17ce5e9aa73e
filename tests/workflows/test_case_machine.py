"""One firm through any sequence of acts and refusals: what must always be true stays true."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Firm, StageChange
from core.people.models import Assignment
from tests import county as small
from workflows.coverage.acts import correct, decide, give_opinion, open_request, propose, withdraw
from workflows.coverage.chart import BY_VERB, COUNTY, moves_from
from workflows.coverage.door import objection
from workflows.coverage.facts import facts_of
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine import handing, verbs
from workflows.engine.models import Process, Task
from workflows.followups.acts import handle
from workflows.nightly import night, sweep

D = Opinion.Decision
PEOPLE = ("li_ming", "wang_fang", "he_jun", "chen_jing", "zhou_tao", "wu_laoban", "sun_li")
people = st.sampled_from(PEOPLE)


class FirmLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.county = small.build()
        self.joint = small.affiliated_branch()
        self.day = self.county.today
        self.moves = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # -- what is at hand

    @property
    def firm(self) -> Firm:
        return Firm.objects.get(pk=self.county.tea.pk)

    @property
    def task(self):
        asked = open_request(self.firm)
        return Task.objects.human().open().filter(process_id=asked.pk).first() if asked else None

    def who(self, name):
        return getattr(self.county, name)

    def attempt(self, act):
        """An act is done whole, or refused with a sentence and nothing is changed."""
        before = self._everything()
        try:
            act()
        except Refused as refusal:
            assert str(refusal).strip()
            assert self._everything() == before

    def _everything(self):
        return (
            Event.objects.count(), StageChange.objects.count(), Opinion.objects.count(),
            Firm.objects.values_list("stage", "operation", "branch").get(pk=self.county.tea.pk),
            list(Task.objects.order_by("pk").values_list("pk", "status", "owner_id")),
        )  # fmt: skip

    # -- the facts change

    @rule(kind=st.sampled_from(["full", "full", "probationary"]))
    def a_member_arrives(self, kind):
        small.member(self.firm, kind=kind)

    @rule()
    def a_member_leaves(self):
        if here := self.firm.members.here().first():
            here.until = self.day
            here.save()

    @rule()
    def a_visit(self):
        small.visit(self.firm, by=self.county.li_ming, on=self.day)

    @rule()
    def a_union_is_approved(self):
        small.union(self.firm, f"Q-{self.firm.mass_organisations.count()}")

    @rule()
    def unions_end(self):
        self.firm.mass_organisations.update(dissolved_on=self.day)

    @rule()
    def the_instructor_is_sent_or_called_back(self):
        called_back = (
            Assignment.objects.current()
            .filter(firm=self.firm)
            .update(until=self.day, ended_as="before")
        )
        if not called_back and self.firm.operation != "closed":
            small.assign(self.county.guide_li, self.firm)

    # -- the conversation

    @rule(verb=st.sampled_from(sorted(BY_VERB)), name=people)
    def somebody_proposes(self, verb, name):
        move = BY_VERB[verb]
        self.attempt(lambda: propose(
            self.firm, verb, by=self.who(name), on=self.day, reason="It is so.",
            branch=self.joint if move.needs == "branch" else None,
            branch_name=f"Own {TransitionRequest.objects.count()}",
            resumes_on=self.day + timedelta(days=30),
        ))  # fmt: skip

    @precondition(lambda self: self.task is not None)
    @rule(
        name=people,
        decision=st.sampled_from([D.APPROVE] * 4 + [D.RETURN, D.REJECT, D.ASK]),
        asked=people,
    )
    def somebody_decides(self, name, decision, asked):
        task = self.task
        if task.step in ("opinion", "correct"):
            return
        self.attempt(lambda: decide(
            task, decision, by=self.who(name), at=timezone.now(), comment="So be it.",
            asked=self.who(asked),
        ))  # fmt: skip

    @rule(pick=st.integers(0, 11), members=st.integers(0, 4))
    def what_the_facts_allow_is_proposed_and_agreed(self, pick, members):
        """The way that most cases go, so that the rest of the chart is reached at all."""
        firm = self.firm
        if open_request(firm):
            return
        firm.members.here().update(until=self.day)
        for _n in range(members):
            small.member(firm)
        facts = facts_of(firm, on=self.day)
        allowed = [
            move for move in moves_from("stage", firm.stage) + moves_from("operation", firm.operation)
            if objection(move, facts, {"resumes_on": self.day + timedelta(days=9)}) is None
        ]  # fmt: skip
        self.somebody_proposes(allowed[pick % len(allowed)].verb, "wang_fang")
        if self.task:
            self.somebody_decides("zhou_tao", D.APPROVE, "li_ming")

    @precondition(lambda self: self.task is not None and self.task.step == "opinion")
    @rule()
    def the_asked_person_answers(self):
        task = self.task
        self.attempt(lambda: give_opinion(task, by=task.owner, at=timezone.now(), comment="I agree."))

    @precondition(lambda self: self.task is not None and self.task.step == "correct")
    @rule()
    def the_proposer_corrects(self):
        task = self.task
        self.attempt(lambda: correct(
            task, by=task.owner, on=self.day, at=timezone.now(), reason="Put right.",
            branch=self.joint, branch_name=f"Own {Opinion.objects.count()}",
            resumes_on=self.day + timedelta(days=9),
        ))  # fmt: skip

    @precondition(lambda self: open_request(self.firm) is not None)
    @rule(name=people)
    def somebody_withdraws(self, name):
        self.attempt(lambda: withdraw(open_request(self.firm), by=self.who(name)))

    @rule(name=people, to=people, which=st.sampled_from(["claim", "release", "reassign"]))
    def a_task_changes_hands(self, name, to, which):
        if task := Task.objects.human().open().filter(firm=self.firm).first():
            by = self.who(name)
            act = {
                "claim": lambda: verbs.claim(task, by=by),
                "release": lambda: handing.release(task, by=by),
                "reassign": lambda: handing.reassign(task, by=by, to=self.who(to)),
            }
            self.attempt(act[which])

    @rule(name=people)
    def a_follow_up_is_handled(self, name):
        task = Task.objects.human().open().filter(firm=self.firm).exclude(
            process__subject="transition"
        ).first()  # fmt: skip
        if task:
            self.attempt(lambda: handle(task, by=self.who(name), note="Seen to."))

    @rule()
    def a_night_passes(self):
        night(self.day)
        assert night(self.day) == {"opened": 0, "closed": 0}

    @rule()
    def deadlines_pass(self):
        Task.objects.human().open().update(due_at=timezone.now() - timedelta(days=1))
        sweep()
        assert sweep() == 0

    # -- what must always be true

    @invariant()
    def history_leads_to_where_the_firm_stands(self):
        firm = self.firm
        for track, start in (("stage", "blank"), ("operation", "operating")):
            state = start
            for change in StageChange.objects.filter(firm=firm, track=track).order_by("pk"):
                assert change.source == state
                state = change.target
            assert getattr(firm, track) == state

    @invariant()
    def every_change_was_decided_by_its_level_and_recorded(self):
        for change in StageChange.objects.filter(firm=self.firm).select_related("by"):
            assert change.by in (self.county.wang_fang, self.county.zhou_tao)
            if BY_VERB[change.verb].decides == COUNTY:
                assert change.by == self.county.zhou_tao
        moved = Event.objects.filter(firm=self.firm, code="case.moved").count()
        assert moved == StageChange.objects.filter(firm=self.firm).count()

    @invariant()
    def nobody_decided_on_their_own_proposal(self):
        for said in Opinion.objects.filter(decision=D.APPROVE).select_related("request"):
            assert said.by_id != said.request.opened_by_id

    @invariant()
    def at_most_one_open_proposal_and_no_orphan(self):
        assert Process.objects.open().filter(subject="transition").count() <= 1
        for process in Process.objects.open():
            assert Task.objects.human().open().filter(process=process).count() == 1
        for task in Task.objects.human().open():
            assert task.process.finished is None
            assert task.owner_id or task.owner_permission

    @invariant()
    def a_closed_firm_rests(self):
        firm = self.firm
        assert (firm.operation == "closed") == (firm.closed_on is not None)
        if firm.operation == "closed":
            assert not Assignment.objects.current().filter(firm=firm).exists()
            subjects = Process.objects.open().filter(firm=firm).values_list("subject", flat=True)
            others = {subject for subject in subjects if not subject.startswith("handover_")}
            assert others <= {"transition"}

    @invariant()
    def a_branch_is_named_where_one_is_meant(self):
        firm = self.firm
        if firm.stage == "standalone":
            assert firm.branch.kind == "standalone" and firm.branch.dissolved_on is None
        elif firm.stage == "affiliated":
            assert firm.branch == self.joint
        else:
            assert firm.branch is None


@pytest.mark.django_db
def test_a_firms_life():
    run_state_machine_as_test(
        FirmLife,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
