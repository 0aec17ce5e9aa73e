"""Two at once, on PostgreSQL: both sides are joined once, a link is used once, a round is closed while
a form is on its way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit.models import Event
from tests import county as small
from tests.workflows.evaluating import MARK, a_round, answers, begun, sheet, step, steps, typed
from tests.workflows.test_races import at_once, browser
from workflows.engine.models import Task
from workflows.evaluations import acts, links
from workflows.evaluations.closing import finish
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.rounds import close_round

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def test_both_sides_at_once_are_opened_once(county):
    made = a_round(county)
    for number in range(6):
        firm = small.firm(f"Pair {number}", small.EAST)
        small.assign(county.guide_li, firm)
        small.FirmContact.objects.update(firm=firm)  # the one contact comes along
        evaluation = begun(county, firm, made)
        firms, own = step(evaluation, "firm_form"), step(evaluation, "instructor_form")
        forms = (
            (browser(county.wu_laoban), firms.get_absolute_url(), typed(evaluation, "firm")),
            (browser(county.li_ming), own.get_absolute_url(), typed(evaluation, "instructor")),
        )
        got = at_once(*[lambda form=form: form[0].post(*form[1:]).status_code for form in forms])
        assert got == [302, 302]
        assert steps(evaluation) == {"supervisor_opinion"}
        assert Task.objects.human().filter(process=evaluation.pk).count() == 3
        opened = Event.objects.filter(firm=firm, code="evaluation.opened")
        assert opened.count() == 1


def test_a_link_used_by_eight_at_once_is_used_once(county):
    evaluation = begun(county, county.paper)
    one = links.give_link(evaluation, by=county.he_jun, at=timezone.now())
    address = reverse("evaluations:link", args=[links.token_of(one)])
    forms = [typed(evaluation, "firm", f"Word {number}") for number in range(8)]
    got = at_once(*[lambda form=form: Client().post(address, form).status_code for form in forms])
    assert set(got) <= {302, 200}
    assert Event.objects.filter(code="evaluation.handed_in").count() == 1
    assert sheet(evaluation, "firm").state == "in"


def test_a_form_and_the_end_of_its_round_at_once(county):
    for number in range(6):
        firm = small.firm(f"Late {number}", small.WEST)
        small.assign(county.guide_zhao, firm)
        evaluation = begun(county, firm, a_round(county))
        task = step(evaluation, "instructor_form")

        def end(evaluation=evaluation):
            close_round(evaluation.round, by=county.zhou_tao, at=timezone.now())
            finish(evaluation.round_id)

        def send(task=task, evaluation=evaluation):
            return acts.hand_in(
                task, by=county.zhao_qiang, at=timezone.now(),
                answers=answers(evaluation, "instructor"),
            )  # fmt: skip

        _ended, came = at_once(end, send)
        finish(evaluation.round_id)
        one = sheet(evaluation, "instructor")
        if came == acts.IN_TIME:
            assert one.said["wishes"] == MARK
        else:
            assert (one.state, bool(one.draft)) == ("missing", True)  # kept, for its writer
        assert steps(evaluation) == {"supervisor_opinion"}
        assert Evaluation.objects.get(pk=evaluation.pk).opened_at


def test_two_that_begin_the_same_evaluation_begin_it_once(county):
    made = a_round(county)
    assignment = county.paper.assignments.get()
    at_once(*[
        lambda: acts.begin_evaluation(made, assignment, at=timezone.now()) for _n in range(6)
    ])  # fmt: skip
    assert made.evaluations.count() == 1
    assert Task.objects.human().open().filter(process__evaluation__round=made).count() == 2


def test_the_last_place_of_the_best_grade_is_given_once(county, half_may_be_excellent):
    made = a_round(county)
    both = [begun(county, county.tea, made), begun(county, county.paper, made)]
    close_round(made, by=county.zhou_tao, at=timezone.now())
    finish(made.pk)
    for evaluation, by in zip(both, (county.wang_fang, county.he_jun), strict=True):
        acts.give_opinion(step(evaluation, "supervisor_opinion"), by=by, at=timezone.now(),
                          opinion="Good.", proposed="excellent")  # fmt: skip
        acts.answer(step(evaluation, "right_to_answer"), by=evaluation.instructor.user,
                    at=timezone.now(), text="")  # fmt: skip
    grade = {"grade": "excellent", "remark": ""}
    clients = [browser(county.zhou_tao), browser(county.zhou_tao)]
    posts = [
        lambda c=c, e=e: (
            c.post(
                step(e, "settle_grade").get_absolute_url(), grade | {"key": typed(e, "firm")["key"]}
            ).status_code
        )
        for c, e in zip(clients, both, strict=True)
    ]
    assert sorted(at_once(*posts)) == [302, 422]
    assert made.evaluations.filter(grade="excellent").count() == 1


def test_two_offices_that_open_the_same_round_open_it_once(county):
    form = {
        "kind": "yearly", "areas": [small.EAST, small.WEST], "until": county.today,
        "since": county.today - timedelta(days=200), "closes_on": county.today + timedelta(days=30),
    }  # fmt: skip
    clients = [browser(county.zhou_tao) for _n in range(4)]
    got = at_once(*[
        lambda c=c: c.post("/evaluations/rounds/new/", form | {"key": uuid4()}).status_code
        for c in clients
    ])  # fmt: skip
    assert sorted(got) == [302, 422, 422, 422]
    assert Round.objects.count() == 1
