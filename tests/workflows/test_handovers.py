"""A handover: opened by every end of an assignment, signed by two, filed as it was signed."""

import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core.accounts.acts import close_account
from core.accounts.leave import go_on_leave
from core.audit.models import Event
from core.errors import Refused
from core.people.acts import record_guidance
from core.people.assigning import assign, unassign
from core.people.models import Assignment
from tests import county as small
from workflows.coverage.acts import decide, propose
from workflows.engine.models import Task
from workflows.handovers.acts import hand_over, open_handover, take_over
from workflows.handovers.models import Handover
from workflows.nightly import sweep
from workflows.notices.models import Notice
from workflows.recalls.acts import decide_recall, propose_recall

pytestmark = pytest.mark.usefixtures("english")


def step(handover) -> Task:
    return Task.objects.human().open().get(process_id=handover.pk)


def ended(county, firm=None, *, reason="asked") -> Handover:
    firm = firm or county.tea
    unassign(firm, until=county.today, reason=reason, by=county.wang_fang, on=county.today)
    return Handover.objects.get(firm=firm)


def handed(county, *, by=None) -> Handover:
    handover = ended(county)
    hand_over(
        step(handover), by=by or county.li_ming, at=timezone.now(), promises="A reading room.",
        what_next="Call in May.",
    )  # fmt: skip
    handover.refresh_from_db()
    return handover


def follows(county, name="Tang Yu"):
    """Another instructor with an account, assigned to the tea firm."""
    account = small.person("tang.yu", small.Role.INSTRUCTOR, small.EAST)
    guide = small.instructor(name, user=account)
    given = {"since": county.today, "by": county.wang_fang, "on": county.today}
    assign(county.tea, guide, all_the_same=True, **given)
    return account


def test_both_sides_sign_and_the_pack_stays_as_it_was(county):
    handover = handed(county)
    assert (handover.opened_by, handover.subject) == (None, f"handover_{handover.assignment_id}")
    assert step(handover).owner_permission == "desk.follow_up"
    tang = follows(county)
    assert step(handover).owner == tang
    take_over(step(handover), by=tang, at=timezone.now(), remark="The key is missing.")
    handover.refresh_from_db()
    assert handover.finished and not handover.handed_office and not handover.taken_office
    before = json.dumps(handover.pack)
    assert "A reading room." in before and "Li Ming" in before
    county.tea.name = "Other name"
    county.tea.save()
    handover.refresh_from_db()
    assert json.dumps(handover.pack) == before
    codes = Event.objects.filter(firm=county.tea, code__startswith="handover.").values_list(
        "code", flat=True
    )
    assert set(codes) == {"handover.opened", "handover.handed", "handover.passed_on", "handover.taken"}
    assert Notice.objects.filter(to=tang, event__code="handover.passed_on").exists()


def test_sent_twice_it_is_signed_once(county):
    handover = ended(county)
    task, given = step(handover), {"by": county.li_ming, "at": timezone.now(), "what_next": "Call."}
    hand_over(task, **given)
    with pytest.raises(Refused, match="already did this"):
        hand_over(task, **given)
    assert open_handover(handover.assignment, by=county.wang_fang, on=county.today) is None
    assert Handover.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"promises": "  "}, {"what_next": "x" * 2001}])
def test_bad_input_is_refused_and_nothing_is_written(county, said):
    handover = ended(county)
    with pytest.raises(Refused):
        hand_over(step(handover), by=county.li_ming, at=timezone.now(), **said)
    handover.refresh_from_db()
    assert step(handover).step == "hand_over"
    assert handover.handed_by is None


def test_nobody_signs_for_both_sides(county):
    """Who stood in for who leaves does not take over for themselves."""
    stands = small.person("tang.yu", small.Role.INSTRUCTOR, small.EAST)
    go_on_leave(
        county.li_ming, substitute=stands, since=county.today, until=county.today,
        by=county.li_ming, on=county.today,
    )  # fmt: skip
    stands.refresh_from_db()
    handover = handed(county, by=stands)
    assert (handover.handed_by, handover.handed_for) == (stands, county.li_ming)
    guide = small.instructor("Tang Yu", user=stands)
    assign(county.tea, guide, since=county.today, by=county.wang_fang, on=county.today)
    assert step(handover).owner is None
    with pytest.raises(Refused):
        take_over(step(handover), by=stands, at=timezone.now())
    take_over(step(handover), by=county.wang_fang, at=timezone.now())
    handover.refresh_from_db()
    assert handover.taken_office
    assert handover.pack["signed"]["handed"]["for"] == "Li Ming"


def test_who_leaves_and_comes_back_does_not_take_over_from_themselves(county):
    handover = handed(county)
    given = {"since": county.today, "by": county.wang_fang, "on": county.today}
    assign(county.tea, county.guide_li, **given)
    assert step(handover).owner is None
    assert county.li_ming not in step(handover).candidates()


def test_a_closed_account_leaves_it_to_the_office_marked_as_such(county):
    handover = ended(county)
    close_account(county.li_ming, by=county.zheng_guan)
    assert (step(handover).owner, step(handover).owner_permission) == (None, "desk.follow_up")
    hand_over(step(handover), by=county.wang_fang, at=timezone.now(), what_next="See the file.")
    handover.refresh_from_db()
    assert handover.handed_office
    with pytest.raises(Refused):
        take_over(step(handover), by=county.wang_fang, at=timezone.now())
    tang = follows(county)
    take_over(step(handover), by=tang, at=timezone.now())


def test_late_the_office_does_it(county):
    handover = ended(county)
    due = step(handover).due_at
    assert due - step(handover).created == timedelta(days=15)
    sweep(due + timedelta(days=1))
    assert step(handover).owner is None
    with pytest.raises(Refused):
        hand_over(step(handover), by=county.li_ming, at=timezone.now(), what_next="Late.")
    hand_over(step(handover), by=county.zhou_tao, at=timezone.now(), what_next="For him.")
    handover.refresh_from_db()
    assert handover.handed_office


def test_a_recall_and_a_closing_hand_over_too(county):
    recall = propose_recall(county.tea, reason="post", words="Promoted.", by=county.wang_fang)
    decide_recall(step(recall), by=county.zhou_tao, at=timezone.now(), approve=True)
    assert Handover.objects.get(firm=county.tea).assignment.ended_as == "recall"
    small.assign(county.guide_li, county.mall)
    asked = propose(county.mall, "close", by=county.li_ming, on=county.today, reason="Shut.")
    while not Handover.objects.filter(firm=county.mall).exists():
        task = step(asked)
        decide(task, "approve", by=task.candidates().first(), at=timezone.now(), comment="Yes.")
    closed = Handover.objects.get(firm=county.mall)
    assert closed.assignment.ended_as == "closed"
    hand_over(step(closed), by=county.li_ming, at=timezone.now(), what_next="Nothing is open.")
    take_over(step(closed), by=county.wang_fang, at=timezone.now())
    closed.refresh_from_db()
    assert closed.finished


def test_entered_by_mistake_and_nothing_done_there_is_nothing_to_hand_over(county):
    unassign(
        county.tea, until=county.today, reason="mistake", by=county.wang_fang, on=county.today
    )  # fmt: skip
    assert not Handover.objects.exists()
    assert Assignment.objects.get(firm=county.tea).ended_as == "mistake"


def test_what_was_promised_is_in_the_form(county, signed_in):
    record_guidance(
        county.tea, day=county.today, kind="visit", done="Talked.", follow_up="Bring the forms.",
        by=county.li_ming, on=county.today,
    )  # fmt: skip
    handover = ended(county)
    page = signed_in(county.li_ming).get(step(handover).get_absolute_url()).content.decode()
    assert "Bring the forms." in page.split("<textarea", 1)[1]
    assert "Sign and hand over" in page


def test_the_number_of_members_is_for_who_keeps_members_and_sees_the_firm(county, signed_in):
    small.member(county.tea, "Sun Secret")
    handover = handed(county)
    for who, counts in (
        (county.wang_fang, True), (county.zhou_tao, True), (county.li_ming, False),
        (county.he_jun, None), (county.wu_laoban, None),
    ):  # fmt: skip
        answer = signed_in(who).get(f"/handovers/{handover.pk}/")
        assert answer.status_code == (404 if counts is None else 200), who
        if counts is not None:
            assert ("Full member" in answer.content.decode()) == counts, who
            assert "Secret" not in answer.content.decode()


def test_the_paper_says_what_was_signed_and_its_printing_is_written_down(county, signed_in):
    county.guide_li.name = "李㛃"  # a rare character: 㛃
    county.guide_li.save()
    handover = ended(county)
    paper, browser = f"/handovers/{handover.pk}/pack.pdf", signed_in(county.wang_fang)
    assert browser.get(paper).status_code == 409  # nothing is handed over yet
    hand_over(step(handover), by=county.li_ming, at=timezone.now(), promises="活动室八月建成。")
    take_over(step(handover), by=county.wang_fang, at=timezone.now())
    answer = browser.get(paper)
    assert answer.status_code == 200
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    said = "".join(said.split())
    for word in ("李㛃", "活动室八月建成。", "EastHillTea", "LiMing", "WangFang"):
        assert word in said, word
    assert Event.objects.filter(code="handover.printed", by=county.wang_fang).count() == 1


def test_the_list_is_by_firm_and_asks_no_more_for_more_rows(
    county, signed_in, django_assert_max_num_queries
):
    browser = signed_in(county.wang_fang)
    for name in ("Zinc works", "Abacus", "Mill"):
        firm = small.firm(name)
        small.assign(county.guide_li, firm)
        ended(county, firm)
    browser.get("/handovers/")
    with django_assert_max_num_queries(16):
        page = browser.get("/handovers/").content.decode()
    assert page.index("Abacus") < page.index("Mill") < page.index("Zinc works")


@pytest.mark.parametrize("reason", ["", "whim", "recall", "closed", "before"])
def test_what_is_against_the_instructor_is_no_direct_end(county, reason):
    with pytest.raises(Refused, match="is a recall"):
        unassign(county.tea, until=county.today, reason=reason, by=county.wang_fang, on=county.today)
    assert Assignment.objects.current().filter(firm=county.tea).exists()


def test_a_term_that_is_not_over_does_not_end_an_assignment(county):
    with pytest.raises(Refused, match="propose a recall"):
        unassign(county.tea, until=county.today, reason="term", by=county.wang_fang, on=county.today)
    assert Assignment.objects.current().filter(firm=county.tea).exists()
    assert not Handover.objects.exists()


def test_the_page_of_the_end_leads_to_the_recall(county, signed_in):
    page = signed_in(county.wang_fang).get(f"/firms/{county.tea.pk}/unassign/").content.decode()
    assert f"/firms/{county.tea.pk}/recall/" in page
