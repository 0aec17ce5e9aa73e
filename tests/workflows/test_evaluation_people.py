"""People and firms go on living while they are evaluated: who leaves, changes, closes."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.acts import close_account
from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.ledger.models import Firm
from core.people.assigning import assign, unassign
from tests import county as small
from tests.workflows.evaluating import (
    answers,
    begun,
    browser,
    fill,
    step,
    steps,
)
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.engine.rehouse import follow_the_firm
from workflows.evaluations import acts
from workflows.inbox.comments import comment
from workflows.inbox.models import Comment


def test_people_who_go_leave_nothing_behind(county):
    evaluation = begun(county, county.tea)
    close_account(county.li_ming, by=county.zheng_guan)
    close_account(county.wu_laoban, by=county.zheng_guan)
    for name in ("firm_form", "instructor_form"):
        task = step(evaluation, name)
        assert (task.owner, task.owner_permission) == (None, "desk.follow_up"), name
        acts.hand_in(task, by=county.wang_fang, at=timezone.now(), paper_on=county.today,
                     answers=answers(evaluation, task.step.removesuffix("_form")))  # fmt: skip
    acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Steady.", proposed="competent")  # fmt: skip
    heard = step(evaluation, "right_to_answer")  # on paper, as the form was
    assert (heard.owner, heard.owner_permission) == (None, "desk.follow_up")


def test_who_goes_while_they_are_heard_answers_on_paper(county, both_in):
    acts.give_opinion(step(both_in, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Steady.", proposed="competent")  # fmt: skip
    close_account(county.li_ming, by=county.zheng_guan)
    heard = step(both_in, "right_to_answer")
    assert (heard.owner, heard.owner_permission) == (None, "desk.follow_up")
    page, office = heard.get_absolute_url(), browser(county.wang_fang)
    office.post(f"{page}claim/", {"key": uuid4()})
    assert "You key in what the instructor wrote on paper" in office.get(page).content.decode()
    typed = {"key": uuid4(), "text": "I was there every month."}
    assert office.post(page, typed).status_code == 422  # without the day on the paper
    assert office.post(page, typed | {"paper_on": county.today}).status_code == 302
    both_in.refresh_from_db()
    assert (both_in.answer_keyed_by, both_in.answer_paper_on) == (county.wang_fang, county.today)
    said = office.get(f"/evaluations/{both_in.pk}/").content.decode()
    assert "I was there every month." in said and "keyed in by Wang Fang" in said
    assert steps(both_in) == {"settle_grade"}
    assert sentence(Event.objects.get(code="evaluation.answered")).endswith("keyed in from paper")


def test_nobody_answers_for_the_instructor_without_a_paper(county, both_in):
    acts.give_opinion(step(both_in, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Steady.", proposed="competent")  # fmt: skip
    for by, paper_on in ((county.wang_fang, None), (county.chen_jing, county.today)):
        with pytest.raises(Refused):
            acts.answer(step(both_in, "right_to_answer"), by=by, at=timezone.now(), text="Fine.",
                        paper_on=paper_on)  # fmt: skip


def test_a_former_instructor_keeps_the_form_and_the_next_one_gets_none(county):
    evaluation, paper = begun(county, county.tea), begun(county, county.paper)
    unassign(
        county.tea,
        until=county.today,
        reason="asked",
        why="Another post.",
        by=county.wang_fang,
        on=county.today,
    )
    assert step(evaluation, "instructor_form").owner == county.li_ming
    unassign(
        county.paper,
        until=county.today,
        reason="asked",
        why="Another post.",
        by=county.he_jun,
        on=county.today,
    )
    assign(county.paper, county.guide_li, since=county.today, by=county.zhou_tao, on=county.today,
           all_the_same=True)  # fmt: skip
    assert step(paper, "firm_form").owner is None
    fill(county.li_ming, evaluation, "instructor")


def test_a_firm_that_closes_is_still_heard(county):
    evaluation = begun(county, county.tea)
    asked = propose(county.tea, "close", by=county.li_ming, on=county.today, reason="It ends.")
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    say(at_hand(asked), D.APPROVE, county.zhou_tao)
    county.tea.refresh_from_db()
    assert county.tea.operation == "closed"
    assert steps(evaluation) == {"firm_form", "instructor_form"}
    fill(county.wu_laoban, evaluation, "firm")
    fill(county.li_ming, evaluation, "instructor")


def test_a_firm_that_comes_to_a_line_is_judged_by_it(county, both_in):
    small.put(county.tea, line=county.commerce)
    county.tea.refresh_from_db()
    follow_the_firm(county.tea, by=county.zhou_tao)
    task = step(both_in, "supervisor_opinion")
    assert task.owner_permission == "desk.review_line"
    assert Task.objects.queue(county.chen_jing).filter(pk=task.pk).exists()


def test_what_is_said_beside_an_evaluation_is_not_for_the_next_instructor(county, both_in):
    task = step(both_in, "supervisor_opinion")
    comment(task, by=county.wang_fang, text="Look at the visits.", at=timezone.now())
    unassign(county.tea, until=county.today, reason="asked", by=county.wang_fang, on=county.today)
    next_one = small.person("tang.yu", small.Role.INSTRUCTOR, small.EAST)
    small.assign(small.instructor("Tang Yu", user=next_one), county.tea)
    assert Firm.objects.visible_to(next_one).filter(pk=county.tea.pk).exists()
    readers = {
        who.username for who in (*county.by_role.values(), county.he_jun, next_one)
        if Comment.objects.visible_to(who).exists()
    }  # fmt: skip
    assert readers == {"wang.fang", "zhou.tao", "sun.li", "zheng.guan"}
