"""The whole way of an evaluation over HTTP, by each role that has a part in it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.absence import Leave
from core.accounts.acts import close_account
from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.jobs import run as worker
from core.jobs.models import Job
from core.people.training import record_training
from tests import county as small
from tests.workflows.evaluating import (
    MARK,
    a_round,
    answers,
    begun,
    browser,
    fill,
    page,
    send,
    sheet,
    step,
    steps,
    typed,
)
from workflows.engine.models import Task
from workflows.evaluations import acts
from workflows.evaluations.closing import finish, tend
from workflows.evaluations.facts import fact_rows
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.rounds import close_round
from workflows.notices.models import Notice


def judged(county, evaluation, grade="competent") -> Task:
    acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Works steadily.", proposed=grade)  # fmt: skip
    acts.answer(step(evaluation, "right_to_answer"), by=county.li_ming, at=timezone.now(), text="")
    return step(evaluation, "settle_grade")


def settled(county, evaluation, grade="competent", **more) -> Evaluation:
    acts.settle(
        judged(county, evaluation, grade), by=county.zhou_tao, at=timezone.now(), grade=grade, **more
    )
    return Evaluation.objects.get(pk=evaluation.pk)


@pytest.fixture
def opened_over_http(county, settings, tmp_path):
    """A round that the county office opened on its page, and that the worker carried out."""
    settings.MEDIA_ROOT = tmp_path
    office = browser(county.zhou_tao)
    form = {
        "kind": "yearly", "areas": [small.EAST, small.WEST], "key": uuid4(),
        "since": county.today - timedelta(days=200), "until": county.today,
        "closes_on": county.today + timedelta(days=30),
    }  # fmt: skip
    first = office.post("/evaluations/rounds/new/", form)
    assert first.status_code == 302
    assert office.post("/evaluations/rounds/new/", form).url == first.url  # sent twice, opened once
    worker.run(Job.objects.get().pk)
    assert Job.objects.get().state == "done"
    return Round.objects.get()


def test_trainings_of_the_period_stand_among_the_facts(county):
    day = county.today - timedelta(days=3)
    for ended, subject in ((day, "Law"), (county.today - timedelta(days=400), "Before the period")):
        record_training([county.guide_li], day=ended, days=Decimal("1.5"), subject=subject,
                        by=county.wang_fang, on=county.today)  # fmt: skip
    facts = begun(county, county.tea).facts
    assert facts["training_days"] == "1.5"
    assert ("Training days", "1.5") in fact_rows(facts)
    del facts["training_days"]  # begun before trainings were on record
    assert "Training days" not in dict(fact_rows(facts))


def test_a_round_asks_both_sides_of_each_assignment(county, opened_over_http):
    found = {each.firm: each for each in opened_over_http.evaluations.select_related("firm")}
    assert set(found) == {county.tea, county.paper}  # not the mall, which nobody guides, nor Nanhu
    evaluation = found[county.tea]
    assert evaluation.facts["visits"] == 0
    owners = {task.owner for task in Task.objects.human().filter(process=evaluation.pk)}
    assert owners == {county.wu_laoban, county.li_ming}


def test_from_the_forms_to_the_file(county, opened_over_http):
    evaluation = opened_over_http.evaluations.get(firm=county.tea)
    fill(county.wu_laoban, evaluation, "firm")
    assert steps(evaluation) == {"instructor_form"}
    fill(county.li_ming, evaluation, "instructor", "The owner helps.")

    opinion = step(evaluation, "supervisor_opinion")
    seen = page(county.wang_fang, opinion.get_absolute_url())
    assert MARK in seen and "The owner helps." in seen
    said = {"opinion": "Comes as agreed.", "proposed": "competent", "key": uuid4()}
    assert send(county.wang_fang, opinion, said).status_code == 302
    hearing = step(evaluation, "right_to_answer")
    assert "Comes as agreed." in page(county.li_ming, hearing.get_absolute_url())
    assert send(county.li_ming, hearing, {"text": "I agree.", "key": uuid4()}).status_code == 302
    grade = step(evaluation, "settle_grade")
    assert "I agree." in page(county.zhou_tao, grade.get_absolute_url())
    wrong = send(county.zhou_tao, grade, {"grade": "basic", "remark": "", "key": uuid4()})
    assert wrong.status_code == 422  # another grade than was proposed needs its why
    right = send(county.zhou_tao, grade, {"grade": "competent", "remark": "", "key": uuid4()})
    assert right.status_code == 302
    evaluation.refresh_from_db()
    assert (evaluation.grade, steps(evaluation)) == ("competent", set())
    assert evaluation.finished
    theirs = page(county.wu_laoban, f"/evaluations/{evaluation.pk}/")
    assert "The owner helps." in theirs
    assert "Comes as agreed." not in theirs and "Competent" not in theirs  # not for the firm
    assert "Comes as agreed." in page(county.li_ming, f"/evaluations/{evaluation.pk}/")


def test_it_is_read_by_those_concerned_only(county, both_in):
    url = f"/evaluations/{both_in.pk}/"
    after = small.person("ma.lin", "instructor", small.EAST)
    small.assign_away(county.tea, small.instructor("Ma Lin", user=after))
    for stranger in (county.zhao_qiang, county.he_jun, county.gao_yuan, county.xu_min, after):
        assert browser(stranger).get(url).status_code == 404, stranger
    opinion = step(both_in, "supervisor_opinion")
    assert MARK not in page(after, opinion.get_absolute_url())  # who came after sees the task, no form
    for reader in (county.li_ming, county.wang_fang, county.zhou_tao, county.wu_laoban, county.sun_li):
        assert MARK in page(reader, url), reader


def test_a_form_is_personal(county):
    evaluation = begun(county, county.tea)
    for form, by in (("firm_form", county.wang_fang), ("instructor_form", county.wu_laoban)):
        with pytest.raises(Refused):
            acts.hand_in(step(evaluation, form), by=by, at=timezone.now(), answers={})
    mate = small.person("ren.jie", "instructor", small.EAST, stands_in_until=county.today)
    Leave.objects.create(person=county.li_ming, substitute=mate, since=county.today,
                         until=county.today, by=county.li_ming)  # fmt: skip
    with pytest.raises(Refused) as refused:  # not even by who stands in
        acts.hand_in(step(evaluation, "instructor_form"), by=mate, at=timezone.now(), answers={})
    assert "personal" in refused.value.sentence
    assert sheet(evaluation, "instructor").state == "waiting"


def test_a_clerk_keys_in_a_paper_form_once(county):
    evaluation = begun(county, county.paper)  # no contact has an account there
    task = step(evaluation, "firm_form")
    assert (task.owner, task.owner_permission) == (None, "desk.follow_up")
    incomplete = send(county.he_jun, task, typed(evaluation, "firm"))
    assert incomplete.status_code == 422
    assert MARK in incomplete.content.decode()  # what was typed is there still
    form = typed(evaluation, "firm", paper_on=county.today)
    assert send(county.he_jun, task, form).status_code == 302
    assert send(county.he_jun, task, form).status_code == 302  # sent twice
    again = send(county.he_jun, task, typed(evaluation, "firm", paper_on=county.today))
    assert again.status_code == 422  # keyed in once
    one = sheet(evaluation, "firm")
    assert (one.source, one.by, one.paper_on) == ("paper", county.he_jun, county.today)
    assert Event.objects.filter(code="evaluation.handed_in").count() == 1


def test_a_side_that_declines_says_why_and_is_no_obstacle(county):
    evaluation = begun(county, county.tea)
    task = step(evaluation, "firm_form")
    empty = send(county.wu_laoban, task, {"decline": "1", "declined": " ", "key": uuid4()})
    assert empty.status_code == 422
    data = {"decline": "1", "declined": MARK, "key": uuid4()}
    assert send(county.wu_laoban, task, data).status_code == 302
    assert sheet(evaluation, "firm").state == "in"  # that somebody declined is sealed as well
    send(county.li_ming, step(evaluation, "instructor_form"), typed(evaluation, "instructor", "Fine."))
    one = sheet(evaluation, "firm")
    assert (one.state, one.declined, one.said) == ("declined", MARK, {})
    assert steps(evaluation) == {"supervisor_opinion"}


def test_a_draft_is_there_again_for_its_writer_alone(county):
    evaluation = begun(county, county.tea)
    url = f"/evaluations/{evaluation.pk}/draft/"
    data = {"wishes": MARK, "save": "1", "key": uuid4()}
    assert browser(county.wu_laoban).post(url, data).status_code == 302
    task = step(evaluation, "firm_form")
    assert MARK in page(county.wu_laoban, task.get_absolute_url())
    assert MARK not in page(county.wang_fang, task.get_absolute_url())
    assert browser(county.wang_fang).post(url, data).status_code == 403
    too_long = browser(county.wu_laoban).post(url, data | {"wishes": "x" * 2001})
    assert too_long.status_code == 422
    assert send(county.wu_laoban, task, typed(evaluation, "firm")).status_code == 302
    assert sheet(evaluation, "firm").draft == ""
    with pytest.raises(Refused):
        acts.keep_draft(sheet(evaluation, "firm"), {}, by=county.wu_laoban, at=timezone.now())


def test_a_round_closed_while_a_form_is_open_keeps_what_was_typed(county):
    evaluation = begun(county, county.tea)
    task = step(evaluation, "firm_form")
    send(county.li_ming, step(evaluation, "instructor_form"), typed(evaluation, "instructor", "Fine."))
    close_round(evaluation.round, by=county.zhou_tao, at=timezone.now())
    for _twice in range(2):
        finish(evaluation.round_id)
    assert sheet(evaluation, "firm").state == "missing"
    assert sheet(evaluation, "instructor").said["wishes"] == "Fine."  # what came in is opened
    assert steps(evaluation) == {"supervisor_opinion"}
    told = Notice.objects.filter(to=county.wu_laoban, event__code="evaluation.lapsed")
    assert told.count() == 1
    late = browser(county.wu_laoban).post(
        task.get_absolute_url(), typed(evaluation, "firm"), follow=True
    )
    assert late.status_code == 200
    assert "kept for you, sealed" in late.content.decode()
    assert MARK in page(county.wu_laoban, f"/evaluations/{evaluation.pk}/")
    assert MARK not in page(county.zhou_tao, f"/evaluations/{evaluation.pk}/")
    one = sheet(evaluation, "firm")
    assert (one.state, one.said, one.sealed) == ("missing", None, "")


def test_between_the_closing_and_the_opening_no_form_is_taken(county):
    evaluation = begun(county, county.tea)
    close_round(evaluation.round, by=county.zhou_tao, at=timezone.now())
    task = step(evaluation, "firm_form")  # its turn has not come yet
    came = acts.hand_in(
        task, by=county.wu_laoban, at=timezone.now(), answers=answers(evaluation, "firm")
    )
    assert came == acts.LATE
    finish(evaluation.round_id)
    assert sheet(evaluation, "firm").state == "missing"
    assert MARK in page(county.wu_laoban, f"/evaluations/{evaluation.pk}/")


def test_its_day_closes_a_round(county):
    evaluation = begun(county, county.tea, a_round(county, closes_in=2))
    tend(timezone.now() + timedelta(days=2))
    assert Evaluation.objects.get(pk=evaluation.pk).opened_at is None
    tend(timezone.now() + timedelta(days=3))
    evaluation.refresh_from_db()
    assert evaluation.opened_at
    assert Round.objects.get().closed_by is None
    assert steps(evaluation) == {"supervisor_opinion"}
    assert not Event.objects.filter(code="task.escalated").exists()


def test_an_answer_that_does_not_come_is_not_waited_for(county, both_in):
    acts.give_opinion(step(both_in, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Steady.", proposed="competent")  # fmt: skip
    tend(timezone.now() + timedelta(days=6))
    assert steps(both_in) == {"right_to_answer"}
    tend(timezone.now() + timedelta(days=8))
    assert steps(both_in) == {"settle_grade"}
    with pytest.raises(Refused):
        acts.answer(Task.objects.human().get(process=both_in.pk, status="CANCELED"), by=county.li_ming,
                    at=timezone.now(), text="Late.")  # fmt: skip


def test_the_share_of_the_best_grade(county, half_may_be_excellent):
    made = a_round(county)
    evaluations = [begun(county, county.tea, made), begun(county, county.paper, made)]
    close_round(made, by=county.zhou_tao, at=timezone.now())
    finish(made.pk)
    assert settled(county, evaluations[0], "excellent").grade == "excellent"
    task = step(evaluations[1], "supervisor_opinion")
    acts.give_opinion(task, by=county.he_jun, at=timezone.now(), opinion="Good.", proposed="excellent")
    acts.answer(
        step(evaluations[1], "right_to_answer"), by=county.zhao_qiang, at=timezone.now(), text=""
    )
    with pytest.raises(Refused) as refused:
        acts.settle(step(evaluations[1], "settle_grade"), by=county.zhou_tao, at=timezone.now(),
                    grade="excellent")  # fmt: skip
    assert "50%" in refused.value.sentence
    acts.settle(step(evaluations[1], "settle_grade"), by=county.zhou_tao, at=timezone.now(),
                grade="competent", remark="The share is used up.")  # fmt: skip


def test_no_open_step_is_without_exactly_one_person_or_queue(county):
    """Along the whole way, with an account and without."""

    def sound():
        for task in Task.objects.human().open():
            assert bool(task.owner_id) != bool(task.owner_permission), task.step
            assert not task.owner_id or task.owner.is_active

    made = a_round(county)
    for firm in (county.tea, county.paper):
        evaluation = begun(county, firm, made)
        sound()
    close_account(county.wu_laoban, by=county.zheng_guan)
    sound()
    close_round(made, by=county.zhou_tao, at=timezone.now())
    finish(made.pk)
    sound()
    evaluation = Evaluation.objects.get(firm=county.tea)
    acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="Steady.", proposed="competent")  # fmt: skip
    close_account(county.li_ming, by=county.zheng_guan)
    for task in Task.objects.human().open():
        assert not task.owner_id or task.owner.is_active


def test_the_trail_says_in_words_what_was_done(county, both_in):
    settled(county, both_in)
    said = [sentence(event) for event in Event.objects.filter(code__startswith="evaluation.")]
    assert "handed in, by account: The firm's form" in said
    assert MARK not in " ".join(said)
