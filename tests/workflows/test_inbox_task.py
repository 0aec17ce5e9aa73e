"""The page of a task: it says why it is here, every act is on it, a refusal keeps what was typed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.formats import date_format

from core.accounts.acts import change_place
from core.accounts.leave import go_on_leave
from core.accounts.verbs import Role
from core.audit.models import Event
from core.audit.sentences import sentence
from tests import county as small
from tests.workflows.evaluating import of_evaluating
from tests.workflows.handing import of_handing_over
from tests.workflows.sending import of_assigning
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine.desk import DESKS
from workflows.engine.handing import reassign
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.followups.acts import open_follow_up
from workflows.inbox import comments, lists
from workflows.inbox.deeds import offered
from workflows.inbox.models import Comment
from workflows.notices.models import Notice

pytestmark = pytest.mark.usefixtures("english")


def do(browser, task, name, query="", **given):
    return browser.post(f"/tasks/{task.pk}/{name}/{query}", {"key": uuid4(), **given})


def fresh(task) -> Task:
    return Task.objects.get(pk=task.pk)


@pytest.fixture
def taken(county, own_branch):
    """The township's review of the tea firm, in Wang Fang's hands."""
    return claim(at_hand(own_branch), by=county.wang_fang)


# ── what it says ─────────────────────────────────────────────────────────────────────────────────
def test_a_task_says_why_it_is_here_what_is_asked_by_when_and_what_follows(county, taken, signed_in):
    desk = DESKS[taken.step]
    page = signed_in(county.wang_fang).get(f"/tasks/{taken.pk}/").content.decode()
    due = date_format(timezone.localtime(taken.due_at))
    for said in (desk.why(taken), desk.asks(taken), desk.follows(taken), due):
        assert str(said) in page
    assert "You have it." in page


def test_every_kind_of_task_says_it(county, own_branch):
    """Each desk answers for a task of its own kind; a new one without words fails here."""
    found = {at_hand(own_branch).step: at_hand(own_branch)}
    say(at_hand(own_branch), D.ASK, county.wang_fang, "Is it so?", asked=county.wu_laoban)
    found["opinion"] = at_hand(own_branch)
    opinion = found["opinion"]
    DESKS["opinion"].act(
        opinion, _Typed(comment="It is so."), by=county.wu_laoban, on=county.today, at=timezone.now()
    )
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Name the secretary.")
    found["correct"] = at_hand(own_branch)
    small.union(county.mall)
    asked = propose(county.mall, "organise_mass", by=county.zhou_tao, on=county.today, reason="Now.")
    found["line_review"] = at_hand(asked)
    say(at_hand(asked), D.APPROVE, county.chen_jing)
    for name in ("Wu Di", "Xu Lan", "Ye Qing"):
        small.member(county.paper, name)
    deciding = propose(county.paper, "stand_alone", by=county.zhao_qiang, on=county.today,
                       reason="Three members.", branch_name="Paper branch")  # fmt: skip
    say(at_hand(deciding), D.APPROVE, county.he_jun)
    found["county_decision"] = at_hand(deciding)
    found["look_into"] = Task.objects.get(process=open_follow_up(county.tea, "contact_due"))
    found |= of_evaluating(county)
    found |= of_assigning(county) | of_handing_over(county)
    assert set(found) == set(DESKS)
    for step, task in found.items():
        desk = DESKS[step]
        for words in (desk.why(task), desk.asks(task), desk.follows(task)):
            assert str(words).strip(), step


class _Typed:
    """A form that was filled in."""

    def __init__(self, **given):
        self.cleaned_data = given


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────
def test_put_off_past_the_deadline_is_refused_with_the_reason_and_the_day_stays(
    county, taken, signed_in
):
    late = (taken.due_at + timedelta(days=5)).date()
    answer = do(signed_in(county.wang_fang), taken, "hold", until=late.isoformat())
    page = answer.content.decode()
    assert answer.status_code == 422
    due = date_format(timezone.localtime(taken.due_at))
    assert "it cannot rest longer than that" in page and due in page
    assert f'value="{late.isoformat()}"' in page
    assert '<details id="hold" open>' in page
    assert fresh(taken).held_until is None


def test_put_off_and_taken_up_again(county, taken, signed_in):
    browser = signed_in(county.wang_fang)
    until = county.today + timedelta(days=2)
    answer = do(browser, taken, "hold", until=until.isoformat())
    assert answer.url == f"/tasks/{taken.pk}/"
    assert "It is put off until" in browser.get(answer.url).content.decode()
    do(browser, taken, "resume")
    assert fresh(taken).held_until is None


def test_a_day_to_come_back_is_noted_and_taken_away(county, taken, signed_in):
    browser = signed_in(county.wang_fang)
    day = county.today + timedelta(days=3)
    do(browser, taken, "follow-up", day=day.isoformat())
    assert fresh(taken).follow_up_on == day and fresh(taken).due_at == taken.due_at
    do(browser, taken, "follow-up", day="")
    assert fresh(taken).follow_up_on is None
    told = Event.objects.filter(code__startswith="task.follow_up").order_by("pk")
    assert [event.code for event in told] == ["task.follow_up", "task.follow_up_ended"]
    assert "no longer has a day to come back" in sentence(told.last())


def test_hurry_is_asked_once_a_day(county, taken, signed_in):
    browser = signed_in(county.li_ming)
    assert do(browser, taken, "nudge").status_code == 302
    again = do(browser, taken, "nudge")
    assert again.status_code == 422
    assert "Somebody asked to hurry today already" in again.content.decode()
    assert Notice.objects.filter(to=county.wang_fang, event__code="task.nudged").count() == 1


def test_a_lent_task_has_a_report_in_place_of_the_decision(county, taken, signed_in):
    page = signed_in(county.wang_fang)
    do(page, taken, "lend", to=county.li_ming.pk, wish="Ask the owner how many there are.")
    assert (fresh(taken).owner, fresh(taken).delegated_by) == (county.li_ming, county.wang_fang)
    lender = signed_in(county.wang_fang).get(f"/tasks/{taken.pk}/").content.decode()
    assert "Call it back" in lender and 'name="decision"' not in lender
    helper = signed_in(county.li_ming)
    shown = helper.get(f"/tasks/{taken.pk}/").content.decode()
    assert 'name="decision"' not in shown and f'action="/tasks/{taken.pk}/report/"' in shown
    assert "Ask the owner how many there are." in shown
    empty = do(helper, taken, "report", text=" ")
    assert empty.status_code == 422 and fresh(taken).owner == county.li_ming
    do(helper, taken, "report", text="There are three.")
    assert (fresh(taken).owner, fresh(taken).delegated_by) == (county.wang_fang, None)
    back = signed_in(county.wang_fang).get(f"/tasks/{taken.pk}/").content.decode()
    assert "There are three." in back and 'name="decision"' in back


def test_of_two_who_take_a_task_the_second_reads_who_has_it(county, own_branch, signed_in):
    other = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    task = at_hand(own_branch)
    assert do(signed_in(county.wang_fang), task, "claim").status_code == 302
    answer = do(signed_in(other), task, "claim")
    assert answer.status_code == 422
    assert "Wang Fang has this task now." in answer.content.decode()
    assert fresh(task).owner == county.wang_fang


def test_a_decision_on_a_task_just_handed_on_is_refused_and_kept(county, taken, signed_in):
    browser = signed_in(county.wang_fang)
    browser.get(f"/tasks/{taken.pk}/")
    reassign(taken, by=county.zhou_tao, to=small.person("ren.jie", Role.TOWNSHIP, small.EAST))
    typed = {"key": uuid4(), "decision": "approve", "comment": "I was there on Monday."}
    answer = browser.post(f"/tasks/{taken.pk}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ren Jie has this task now." in page and "I was there on Monday." in page
    assert fresh(taken).status == "ASSIGNED"


def test_a_form_sent_twice_does_its_act_once(county, taken, signed_in):
    browser, key = signed_in(county.wang_fang), uuid4()
    for _time in range(2):
        answer = browser.post(f"/tasks/{taken.pk}/comment/", {"key": key, "text": "Once."})
        assert answer.status_code == 302
    assert Comment.objects.count() == 1


def test_a_substitute_s_decision_names_both(county, taken, signed_in):
    other = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    go_on_leave(county.wang_fang, substitute=other, since=county.today, until=county.today,
                by=county.wang_fang, on=county.today)  # fmt: skip
    other.refresh_from_db()
    browser = signed_in(other)
    page = browser.get(f"/tasks/{taken.pk}/").content.decode()
    assert "You have it in place of Wang Fang." in page and "You stand in for Wang Fang" in page
    browser.post(f"/tasks/{taken.pk}/", {"key": uuid4(), "decision": "approve", "comment": "Fine."})
    done = fresh(taken)
    assert (done.owner, done.in_place_of) == (other, county.wang_fang)
    for person in (other, county.wang_fang):  # both took part, so both see how it goes on
        rows = [row.process_id for part in lists.waiting(person) for row in part]
        assert rows == [done.process_id]
    said = sentence(Event.objects.get(code="request.approved_on"))
    assert "in place of Wang Fang" in said
    shown = signed_in(county.wang_fang).get("/tasks/done/").content.decode()
    assert "Ren Jie in place of Wang Fang" in shown


# ── comments ─────────────────────────────────────────────────────────────────────────────────────
def test_a_call_by_name_reaches_who_reads_the_record(county, taken, signed_in):
    browser = signed_in(county.wang_fang)
    do(browser, taken, "comment", text="@Zhou Tao please look at the minutes.")
    made = Comment.objects.get()
    assert list(made.mentioned.all()) == [county.zhou_tao]
    assert Notice.objects.filter(to=county.zhou_tao, event__code="task.commented").exists()
    shown = signed_in(county.zhou_tao).get(f"/tasks/{taken.pk}/").content.decode()
    assert "please look at the minutes." in shown


def test_a_call_may_follow_a_han_character_but_not_stand_in_an_address(county, taken, signed_in):
    browser = signed_in(county.wang_fang)
    do(browser, taken, "comment", text="请@Zhou Tao看一下，不清楚的写信到 desk@xihe.example。")
    assert list(Comment.objects.get().mentioned.all()) == [county.zhou_tao]


@pytest.mark.parametrize("name", ["He Jun", "Wu Laoban", "Nobody"])
def test_who_does_not_see_the_record_cannot_be_called(county, taken, signed_in, name):
    answer = do(signed_in(county.wang_fang), taken, "comment", text=f"@{name} look at this.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Nobody called “{name.split()[0]}" in page
    assert f"@{name} look at this.</textarea>" in page
    assert not Comment.objects.exists()


def test_a_comment_survives_an_expired_session(county, taken, client):
    who = {"username": "wang.fang", "password": small.PASSWORD}
    client.post("/sign-in/", who)
    Session.objects.all().delete()
    address = f"/tasks/{taken.pk}/comment/"
    assert do(client, taken, "comment", text="The owner agrees.").status_code == 302
    page = client.post("/sign-in/", {**who, "next": address}, follow=True)
    assert page.redirect_chain[-1][0] == address
    assert "The owner agrees.</textarea>" in page.content.decode()


def test_a_firm_s_contact_reads_no_comment(county, own_branch, signed_in):
    task = at_hand(own_branch)
    comments.comment(task, by=county.wang_fang, text="Between us.", at=timezone.now())
    say(task, D.ASK, county.wang_fang, "Do you agree?", asked=county.wu_laoban)
    opinion = at_hand(own_branch)
    browser = signed_in(county.wu_laoban)
    page = browser.get(f"/tasks/{opinion.pk}/").content.decode()
    assert "Between us." not in page and 'id="comments"' not in page
    refused = do(browser, opinion, "comment", text="Hello.")
    assert refused.status_code == 422
    assert "You may not write beside this task." in refused.content.decode()


# ── one after the other ──────────────────────────────────────────────────────────────────────────
@pytest.fixture
def three(county, own_branch):
    """Three reviews in the township's queue."""
    firms = [small.firm(f"Firm {n}") for n in (1, 2)]
    for firm in firms:
        small.assign(county.guide_li, firm)
        small.union(firm)
        propose(firm, "organise_mass", by=county.li_ming, on=county.today, reason="It has a union.")
    return list(Task.objects.queue(county.wang_fang).order_by("due_at", "pk"))


def approve(browser, task, query):
    return browser.post(
        f"/tasks/{task.pk}/{query}", {"key": uuid4(), "decision": "approve", "comment": "Fine."}
    )


def test_the_next_task_of_the_list_opens_and_at_the_end_the_list(county, three, signed_in):
    browser = signed_in(county.wang_fang)
    query = "?from=queue&q=firm"
    chosen = [task for task in three if task.firm.name.startswith("Firm")]
    assert f'href="/tasks/{chosen[0].pk}/{query.replace("&", "&amp;")}"' in (
        browser.get("/tasks/queue/?q=firm").content.decode()
    )
    first = approve(browser, chosen[0], query)
    assert first.url == f"/tasks/{chosen[1].pk}/{query}&did={chosen[0].pk}"
    second = approve(browser, chosen[1], query)
    assert second.url == f"/tasks/queue/?q=firm&did={chosen[1].pk}"
    page = browser.get(second.url)
    assert page.status_code == 200 and "You approved" in page.content.decode()


def test_from_the_middle_of_a_list_the_one_after_it_opens_then_the_first(county, three, signed_in):
    browser = signed_in(county.wang_fang)
    assert f"/tasks/{three[2].pk}/" in approve(browser, three[1], "?from=queue").url
    assert f"/tasks/{three[0].pk}/" in approve(browser, three[2], "?from=queue").url


def test_from_elsewhere_the_answer_leads_where_it_always_did(county, own_branch, signed_in):
    task = at_hand(own_branch)
    answer = approve(signed_in(county.wang_fang), task, "?from=nonsense")
    assert answer.url == f"/requests/{own_branch.pk}/"


def test_a_decision_is_taken_back_by_its_button_while_nothing_followed(county, three, signed_in):
    browser = signed_in(county.wang_fang)
    task = next(task for task in three if task.firm == county.tea)  # the county decides on it
    answer = browser.get(approve(browser, task, "?from=queue").url)
    page = answer.content.decode()
    assert f'action="/tasks/{task.pk}/undo/?from=queue"' in page and "Take it back" in page
    taken_back = do(browser, task, "undo", "?from=queue")
    again = at_hand(task.process)
    assert taken_back.url == f"/tasks/{again.pk}/?from=queue"
    assert (again.step, again.owner) == (task.step, county.wang_fang)


def test_what_others_go_on_from_is_not_taken_back(county, own_branch, signed_in):
    task = at_hand(own_branch)
    say(task, D.APPROVE, county.wang_fang)
    browser = signed_in(county.wang_fang)
    assert "Take my decision back" in browser.get(f"/tasks/{task.pk}/").content.decode()
    claim(at_hand(own_branch), by=county.zhou_tao)
    assert "Take my decision back" not in browser.get(f"/tasks/{task.pk}/").content.decode()
    refused = do(browser, task, "undo")
    assert refused.status_code == 422
    assert "Zhou Tao goes on from your decision already" in refused.content.decode()


def test_no_undo_is_offered_for_a_move_that_was_made(county, three, signed_in):
    """The township's word is the last one on a mass organisation: the firm has moved."""
    browser = signed_in(county.wang_fang)
    task = next(task for task in three if task.firm != county.tea)
    assert b"/undo/" not in browser.get(approve(browser, task, "?from=queue").url).content


def test_a_person_who_lost_the_place_no_longer_answers(county, taken, signed_in):
    change_place(county.wang_fang, by=county.zheng_guan, role=Role.TOWNSHIP, area=small.WEST)
    county.wang_fang.refresh_from_db()
    assert approve(signed_in(county.wang_fang), taken, "").status_code == 404


def test_after_a_refused_comment_the_decision_still_goes_to_the_task(county, taken, signed_in):
    refused = do(signed_in(county.wang_fang), taken, "comment", "?from=mine", text="@Nobody look")
    assert refused.status_code == 422
    assert f'id="answer" action="/tasks/{taken.pk}/?from=mine"' in refused.content.decode()


def test_of_a_helper_the_wish_is_asked_and_the_owner_decides(county, taken, signed_in):
    do(signed_in(county.wang_fang), taken, "lend", to=county.li_ming.pk, wish="Count the members.")
    page = signed_in(county.li_ming).get(f"/tasks/{taken.pk}/")
    assert page.context["asks"] == "Count the members."
    for person, said in (
        (county.li_ming, "lent to you by Wang Fang"),
        (county.wang_fang, "lent to Li"),
    ):
        page = signed_in(person).get(f"/tasks/{taken.pk}/").content.decode()
        assert said in page and "It goes back to Wang Fang, who decides." in page
        assert str(DESKS[taken.step].follows(taken)) not in page
    helped = fresh(taken)
    Task.objects.filter(pk=taken.pk).update(owner=small.person("liu.yan", Role.TOWNSHIP, small.EAST))
    assert "reassign" in offered(helped, county.wang_fang, on=county.today)
    helped = fresh(taken)
    # Nor to a helper who could supervise.
    assert "reassign" not in offered(helped, helped.owner, on=county.today)


def test_a_helper_reads_the_wish_and_not_what_the_owner_writes_beside_it(county, taken, signed_in):
    do(signed_in(county.wang_fang), taken, "lend", to=county.wu_laoban.pk, wish="Count the members.")
    do(signed_in(county.wang_fang), taken, "comment", text="Between us: this will be tight.")
    page = signed_in(county.wu_laoban).get(f"/tasks/{taken.pk}/")
    assert page.context["asks"] == "Count the members."
    assert page.content.decode().count("Count the members.") == 1
    assert "Between us" not in page.content.decode()


def test_only_who_waits_is_offered_to_ask_to_hurry(county, taken):
    assert "nudge" in offered(taken, county.li_ming, on=county.today)  # proposed it
    assert "nudge" in offered(taken, county.zhou_tao, on=county.today)  # disposes of it
    assert "nudge" not in offered(taken, county.chen_jing, on=county.today)  # only reads


def test_a_step_that_went_up_no_longer_says_that_it_would(county, taken):
    assert "Overdue" in str(DESKS[taken.step].follows(taken))
    taken.escalated_at = timezone.now()
    assert "It went up when it was overdue" in str(DESKS[taken.step].follows(taken))


def test_closing_an_account_says_what_became_of_its_tasks(county, taken, signed_in):
    browser = signed_in(county.zheng_guan)
    answer = browser.post(f"/accounts/{county.wang_fang.pk}/close/", follow=True).content.decode()
    assert "The account is closed. 1 task is back in its queue" in answer


def test_closing_an_account_says_what_nobody_can_take_over(county, taken, signed_in):
    say(taken, D.ASK, county.wang_fang, "Is it so?", asked=county.wu_laoban)
    browser = signed_in(county.zheng_guan)
    answer = browser.post(f"/accounts/{county.wu_laoban.pk}/close/", follow=True).content.decode()
    assert "The account is closed. 1 task is left behind" in answer
