"""Evaluations among everything else that happens to people and firms, in any order: each one is
always somebody's or some office's, and nothing of it is read before its time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from core.people.models import Assignment
from tests import county as small
from tests.workflows.evaluating import MARK, a_round, answers
from tests.workflows.test_assignment_orphans import SendingLife, which
from workflows.engine.models import Task
from workflows.evaluations import acts, links, sheets
from workflows.evaluations.closing import tend
from workflows.evaluations.flows import FORMS, SIDE_OF
from workflows.evaluations.models import Evaluation, Sheet
from workflows.evaluations.rounds import close_round

LATER = {"supervisor_opinion", "right_to_answer", "settle_grade"}


class EvaluatingLife(SendingLife):
    @initialize()
    def a_round_is_open(self):
        self.made = a_round(self.county)
        for firm in self.firms[3:]:
            small.assign(self.county.guide_li, firm)
        for firm in self.firms:
            self.begins(self.firms.index(firm))

    @rule(n=which)
    def begins(self, n):
        now = Assignment.objects.select_related("firm", "instructor").filter(firm=self.firm(n)).last()
        if now:
            self.attempt(lambda: acts.begin_evaluation(self.made, now, at=timezone.now()))

    @rule(n=which, by=which, far=st.integers(1, 2))
    def somebody_tries(self, n, by, far):
        self._steps(n, far, own=False, by=by)

    @rule(n=which, far=st.integers(1, 3))
    def goes_on(self, n, far):
        self._steps(n, far)

    @rule(n=which, far=st.integers(2, 5))
    def goes_far(self, n, far):
        """By whoever has the steps, so that some reach the end."""
        self._steps(n, far)

    def _steps(self, n, far, *, own=True, by=0):
        under_way = Evaluation.objects.filter(finished__isnull=True).order_by("pk")
        if not under_way:
            return
        evaluation = under_way[n % len(under_way)]
        for _step in range(far):
            task = Task.objects.human().open().filter(process=evaluation.pk).order_by("pk").first()
            who = task and ((own and (task.owner or task.candidates().first())) or self.person(by))
            if who:
                self.attempt(lambda task=task, who=who: self._go_on(task, self._fresh(who)))

    def _fresh(self, who):
        return type(who).objects.get(pk=who.pk)

    def _go_on(self, task, by):
        now = timezone.now()
        if task.step in FORMS:
            evaluation = task.process.coerced
            own = acts.is_own(evaluation, SIDE_OF[task.step], by)
            acts.hand_in(task, by=by, at=now, answers=answers(evaluation, SIDE_OF[task.step]),
                         paper_on=None if own else self.day)  # fmt: skip
        elif task.step == "supervisor_opinion":
            acts.give_opinion(task, by=by, at=now, opinion="Steady.", proposed="competent")
        elif task.step == "right_to_answer":
            own = acts.is_own(task.process.coerced, "instructor", by)
            acts.answer(task, by=by, at=now, text="", paper_on=None if own else self.day)
        else:
            acts.settle(task, by=by, at=now, grade="competent")

    @rule(n=which, sends=st.booleans())
    def a_link_is_used(self, n, sends):
        waiting = Sheet.objects.filter(side=Sheet.Side.FIRM).order_by("pk")
        if not waiting:
            return
        form = waiting[n % len(waiting)]
        given = {"at": timezone.now(), "secret": "one browser"}

        def act():
            links.give_link(form.evaluation, by=self.county.zhou_tao, at=timezone.now())
            said = answers(form.evaluation, "firm")
            if sends:
                acts.hand_in_by_link(form, answers=said, **given)
            else:
                sheets.keep_draft(form, {"answers": said}, **given)

        self.attempt(act)

    @rule(n=which)
    def the_round_closes(self, n):
        if n % 4 == 0:
            self.attempt(lambda: close_round(self.made, by=self.county.zhou_tao, at=timezone.now()))

    @rule()
    def time_passes(self):
        tend(timezone.now() + timedelta(minutes=1))

    # -- what must always be true

    @invariant()
    def every_evaluation_is_at_one_place_of_its_way(self):
        for evaluation in Evaluation.objects.all():
            open_ = {task.step for task in Task.objects.human().open().filter(process_id=evaluation.pk)}
            out = {SIDE_OF[step] for step in open_ & set(FORMS)}
            waiting = set(
                evaluation.sheets.filter(state=Sheet.State.WAITING).values_list("side", flat=True)
            )
            assert out == waiting
            if evaluation.finished:
                assert not open_ and evaluation.grade
            elif evaluation.opened_at:
                assert len(open_ & LATER) == len(open_) == 1, open_
            else:
                assert open_ and not open_ & LATER, open_

    @invariant()
    def nothing_is_read_before_its_time(self):
        for form in Sheet.objects.filter(evaluation__opened_at__isnull=True):
            assert not form.said and not form.declined
            assert MARK not in form.sealed + form.draft


@pytest.mark.django_db
def test_no_evaluation_is_ever_nobodys():
    run_state_machine_as_test(
        EvaluatingLife,
        settings=settings(
            max_examples=8, stateful_step_count=35, deadline=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
