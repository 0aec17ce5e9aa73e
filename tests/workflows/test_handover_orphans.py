"""Handovers among everything else, in any order: every assignment that ended has its handover, and
each that is under way waits for exactly one person or queue, until two have signed."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from core.people.models import Assignment
from tests.workflows.test_assignment_orphans import SendingLife, which
from workflows.engine.models import Task
from workflows.handovers.acts import hand_over, take_over
from workflows.handovers.models import Handover


class HandingOverLife(SendingLife):
    @rule(n=which, by=which)
    def somebody_tries_to_sign(self, n, by):
        self._sign(n, self.person(by))

    @rule(n=which, far=st.integers(1, 2))
    def who_has_it_signs(self, n, far):
        for _step in range(far):
            self._sign(n, None)

    def _sign(self, n, who):
        under_way = Handover.objects.filter(finished__isnull=True).order_by("pk")
        if not under_way:
            return
        task = Task.objects.human().open().get(process=under_way[n % len(under_way)].pk)
        who = who or task.owner or task.candidates().first()
        act = hand_over if task.step == "hand_over" else take_over
        words = {"what_next": "Call."} if act is hand_over else {}
        if who:
            fresh = type(who).objects.get(pk=who.pk)
            self.attempt(lambda: act(task, by=fresh, at=timezone.now(), **words))

    # -- what must always be true

    @invariant()
    def what_ended_is_handed_over(self):
        for ended in Assignment.objects.filter(until__isnull=False):
            assert ended.ended_as
            assert Handover.objects.filter(assignment=ended).count() == 1, ended
        assert not Handover.objects.filter(assignment__until__isnull=True).exists()

    @invariant()
    def every_handover_is_at_one_place_of_its_way(self):
        for one in Handover.objects.all():
            open_ = [t.step for t in Task.objects.human().open().filter(process=one.pk)]
            if one.finished:
                assert open_ == []
                assert one.handed_by_id != one.taken_by_id
                assert one.pack["signed"]["handed"]
                assert one.pack["signed"]["taken"]
            else:
                assert open_ == ["take_over" if one.handed_at else "hand_over"]
                assert one.taken_by_id is None

    @invariant()
    def nobody_takes_over_from_themselves(self):
        for task in Task.objects.human().open().filter(flow_task__endswith="take_over"):
            assert task.owner_id not in task.process.authors or task.owner_id is None


@pytest.mark.django_db
def test_no_handover_is_ever_nobodys():
    run_state_machine_as_test(
        HandingOverLife,
        settings=settings(
            max_examples=10, stateful_step_count=30, deadline=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
