"""The demo county in motion: each role has something to do, and no figure has changed."""

from datetime import date, timedelta

from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from core.accounts.models import User
from core.audit.verify import verify
from core.demo.build import build
from core.ledger.models import Firm, StageChange
from core.ledger.stages import Stage
from workflows.assignments.models import AssignmentRequest
from workflows.coverage.acts import open_request
from workflows.coverage.chart import BY_VERB
from workflows.coverage.door import objection
from workflows.coverage.facts import facts_of
from workflows.coverage.models import TransitionRequest
from workflows.demo import set_in_motion
from workflows.engine.models import Task
from workflows.inbox import lists


class DemoInMotion(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.before = timezone.now
        call_command("demo_county", verbosity=0)
        cls.today = timezone.localdate()

    def tasks(self, username, which):
        user = User.objects.get(username=username)
        return [task for part in getattr(lists, which)(user, self.today) for task in part]

    def test_each_role_has_something_to_do(self):
        for username in ("instructor", "township", "line", "county", "contact", "unit"):
            assert self.tasks(username, "mine"), username
            assert self.tasks(username, "done"), username
        for username in ("township", "line", "county"):
            assert self.tasks(username, "queue"), username
            assert self.tasks(username, "waiting"), username
        assert self.tasks("instructor", "waiting")

    def test_tasks_are_in_every_state(self):
        found = {task.step for task in Task.objects.human().open()}
        assert found >= {"township_review", "line_review", "county_decision", "opinion", "correct"}
        outcomes = set(TransitionRequest.objects.values_list("outcome", flat=True))
        assert outcomes == {"open", "rejected", "withdrawn"}
        assert found >= {
            "unit_answer", "instructor_answer", "firm_answer", "issue_assignment", "choose_again",
        }  # fmt: skip
        sent = set(AssignmentRequest.objects.values_list("outcome", flat=True))
        assert sent == {"open", "withdrawn"}  # none is issued: no figure changes
        late = Task.objects.human().overdue(timezone.now())
        assert late.count() == late.filter(escalated_at__isnull=False).count() == 2

    def test_the_visitor_may_propose_a_branch_of_its_own_at_once(self):
        user = User.objects.get(username="instructor")
        free = [
            firm for firm in Firm.objects.visible_to(user).filter(stage=Stage.AFFILIATED)
            if open_request(firm) is None
        ]  # fmt: skip
        assert len(free) == 1
        facts = facts_of(free[0], on=self.today)
        assert objection(BY_VERB["stand_alone"], facts, {"branch_name": "new"}) is None
        assert Task.objects.mine(user).filter(firm=free[0]).count() == 1

    def test_no_figure_has_changed(self):
        stages = Firm.objects.values_list("stage", flat=True)
        assert list(stages).count(Stage.STANDALONE) == 19
        assert list(stages).count(Stage.AFFILIATED) == 60
        assert not StageChange.objects.filter(by=None)
        for firm in Firm.objects.all():
            told = firm.survey_rows.filter(state="changed").count()  # no figure: a phone number
            assert firm.version == 1 + firm.changes.count() + told

    def test_all_of_it_happened_in_the_past_and_the_trail_is_in_place(self):
        assert timezone.now is self.before
        now = timezone.now()
        for task in Task.objects.all():
            assert task.created <= now
            assert task.finished is None or task.created <= task.finished <= now
        assert verify().faults == []


class OtherDays(TestCase):
    def test_any_seed_and_day_make_a_story(self):
        build([0], seed=7, on=date(2024, 2, 29))
        set_in_motion(date(2024, 2, 29))
        assert Task.objects.human().open().count() > 10
        latest = Task.objects.latest("created").created
        assert latest.date() <= date(2024, 2, 29) + timedelta(days=1)
