"""Members and their privacy, instructors and their firms, and what they wrote down."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.audit.models import Event
from core.errors import Refused
from core.ledger.case_parts import case_parts
from core.ledger.models import Firm
from core.people.acts import change_kind, member_left, record_guidance, record_member
from core.people.assigning import assign, months_later, unassign
from core.people.entries import record_instructor
from core.people.models import Assignment, GuidanceRecord, Instructor, Member
from tests import county as made
from tests.core.test_firm_form import errors

pytestmark = pytest.mark.usefixtures("english")


def days_ago(county, days: int):
    return county.today - timedelta(days=days)


# members


def test_an_instructor_keeps_the_members_of_the_own_firm(county, signed_in):
    signed_in(county.li_ming).post(
        f"/firms/{county.tea.pk}/members/new/",
        {"key": str(uuid4()), "name": "王 建国", "kind": "full", "since": "2024-01-01"},
    )
    assert Member.objects.get().name == "王建国"
    event = Event.objects.get(code="member.recorded")
    assert "王" not in str(event.words)  # the trail says that, not who


def test_and_no_longer_when_the_firm_is_somebody_elses(county, signed_in):
    found = made.member(county.tea)
    unassign(
        county.tea,
        until=county.today,
        reason="asked",
        why="moved",
        by=county.wang_fang,
        on=county.today,
    )
    browser = signed_in(county.li_ming)
    assert browser.get(f"/firms/{county.tea.pk}/members/new/").status_code == 404
    assert browser.get(f"/members/{found.pk}/").status_code == 404
    with pytest.raises(Refused) as refusal:
        record_member(
            county.tea, name="Wang", kind="full", since=county.today, by=county.li_ming,
            on=county.today,
        )  # fmt: skip
    assert refusal.value.code == Refused.NOT_YOURS


@pytest.mark.parametrize("who", ["wu_laoban", "sun_li", "zheng_guan"])
def test_the_owner_and_others_see_no_member(who, county, signed_in):
    found = made.member(county.tea, "王建国")
    reader = getattr(county, who)
    assert signed_in(reader).get(f"/members/{found.pk}/").status_code == 403
    assert case_parts(county.tea, reader)["members"] == []


def test_lists_mask_and_a_look_at_the_card_is_on_record(county, signed_in):
    found = made.member(county.tea, "王建国")
    parts = case_parts(county.tea, county.wang_fang)
    assert [member.masked_name for member in parts["members"]] == ["王**"]
    answer = signed_in(county.wang_fang).get(f"/members/{found.pk}/")
    assert "王建国" in answer.content.decode()
    assert Event.objects.get(code="member.card_seen").by == county.wang_fang


def test_the_same_name_again_must_be_another_person(county):
    made.member(county.tea, "王建国")
    given = {"name": "王建国", "kind": "full", "since": county.today, "on": county.today}
    with pytest.raises(Refused, match="on record here already"):
        record_member(county.tea, by=county.li_ming, **given)
    record_member(county.tea, by=county.li_ming, another=True, **given)
    assert county.tea.members.count() == 2


@pytest.mark.parametrize(("ago", "said"), [(-1, "in the future"), (300, "before this began")])
def test_a_member_leaves_between_arriving_and_today(ago, said, county):
    found = made.member(county.tea)
    with pytest.raises(Refused, match=said):
        member_left(found, until=days_ago(county, ago), by=county.li_ming, on=county.today)
    member_left(found, until=county.today, by=county.li_ming, on=county.today)
    with pytest.raises(Refused, match="already"):
        member_left(found, until=county.today, by=county.li_ming, on=county.today)
    assert not Member.objects.here().exists()


def test_a_change_of_kind_keeps_what_was_true_before(county):
    found = made.member(county.tea, kind=Member.Kind.PROBATIONARY)
    change_kind(found, kind="full", since=days_ago(county, 10), by=county.li_ming, on=county.today)
    assert [m.kind for m in Member.objects.here(days_ago(county, 11))] == ["probationary"]
    assert [m.kind for m in Member.objects.here(days_ago(county, 10))] == ["full"]
    with pytest.raises(Refused, match="on record already"):
        now = Member.objects.here().get()
        change_kind(now, kind="full", since=county.today, by=county.li_ming, on=county.today)


# instructors


def sent_instructor(**other) -> dict:
    return {
        "key": str(uuid4()), "name": "任小平", "area": made.EAST, "sending_unit": "Water bureau",
        "full_member": "on", "term_from": "2026-01-01", "term_until": "2028-01-01",
        "kind": "part_time", "mode": "multiple",
    } | other  # fmt: skip


def test_only_a_full_member_becomes_an_instructor(county, signed_in):
    browser = signed_in(county.wang_fang)
    assert "Only a full member" in errors(
        browser.post("/instructors/new/", sent_instructor(full_member=""))
    )
    browser.post("/instructors/new/", sent_instructor())
    assert Instructor.objects.get(name="任小平").initials == "rxp"
    assert "on record already" in errors(browser.post("/instructors/new/", sent_instructor()))


def test_a_term_cannot_end_before_it_begins(county):
    with pytest.raises(Refused, match="ends before it begins"):
        record_instructor(
            name="Ren", area=made.EAST, sending_unit="x", full_member=True, by=county.wang_fang,
            term_from=county.today, term_until=county.today, on=county.today,
        )  # fmt: skip


def test_months_are_counted_by_the_calendar():
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2025, 10, 31), 4) == date(2026, 2, 28)
    assert months_later(date(2025, 1, 1), 24) == date(2027, 1, 1)


def give(county, firm, guide=None, **other):
    given = {"since": county.today, "by": county.wang_fang, "on": county.today} | other
    return assign(firm, guide or county.guide_li, **given)


def test_a_firm_has_one_instructor_at_a_time(county):
    with pytest.raises(Refused, match="Li Ming guides this firm since") as refusal:
        give(county, county.tea)
    assert refusal.value.code == Refused.FASTER
    assert give(county, county.mall).instructor == county.guide_li


def test_above_the_usual_number_only_with_a_tick_and_never_above_the_last(county, signed_in):
    firms = [made.firm(f"Firm {number}") for number in range(5)]
    for firm in firms[:2]:
        give(county, firm)
    browser = signed_in(county.wang_fang)
    page, sent = (
        f"/firms/{firms[2].pk}/assign/",
        {"instructor": county.guide_li.pk, "since": county.today},
    )
    assert "guides 3 firms" in errors(browser.post(page, sent | {"key": str(uuid4())}))
    assert browser.post(page, sent | {"key": str(uuid4()), "all_the_same": "on"}).status_code == 302
    give(county, firms[3], all_the_same=True)
    with pytest.raises(Refused, match="guides 5 firms"):
        give(county, firms[4], all_the_same=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"term_until": -1}, "It must be renewed first"),
        ({"left_on": -1}, "stopped on"),
        ({"full_member": False}, "not a full member"),
        ({"term_from": 1}, "term of Li Ming begins"),
    ],
)
def test_who_may_not_guide_is_refused(changed, said, county):
    for field, value in changed.items():
        day = value if isinstance(value, bool) else county.today + timedelta(days=value)
        Instructor.objects.filter(pk=county.guide_li.pk).update(**{field: day})
    with pytest.raises(Refused, match=said):
        give(county, county.mall)


def test_an_assignment_ends_with_a_reason_and_stays_on_record(county, signed_in):
    page, browser = f"/firms/{county.tea.pk}/unassign/", signed_in(county.wang_fang)
    sent = {"until": county.today, "why": "", "reason": ""}
    assert "fill this in" in errors(browser.post(page, sent | {"key": str(uuid4())}))
    too_early = {"until": days_ago(county, 999), "why": "moved", "reason": "asked", "key": str(uuid4())}
    assert "cannot end before" in errors(browser.post(page, too_early))
    browser.post(
        page, sent | {"key": str(uuid4()), "reason": "asked", "why": "moved to another bureau"}
    )
    assert Assignment.objects.get(firm=county.tea).ended_because == "moved to another bureau"
    assert names_on(browser.get(f"/instructors/{county.guide_li.pk}/").context["before"]) == [
        "East Hill Tea"
    ]


def names_on(rows) -> list[str]:
    return [row.firm.name for row in rows]


def test_instructors_do_not_assign_and_closed_firms_take_nobody(county, signed_in):
    assert signed_in(county.li_ming).get(f"/firms/{county.tea.pk}/assign/").status_code == 403
    Firm.objects.filter(pk=county.mall.pk).update(operation="closed", closed_on=county.today)
    with pytest.raises(Refused, match="is closed"):
        give(county, county.mall)


@pytest.mark.parametrize("typed", ["li ming", "LiMing", "agriculture"])
def test_instructors_are_found_and_their_load_is_shown(typed, county, signed_in):
    Instructor.objects.filter(pk=county.guide_zhao.pk).update(unit=made.unit("Water bureau"))
    rows = signed_in(county.zhou_tao).get("/instructors/", {"q": typed}).context["shown"].rows
    assert [(row.name, row.load) for row in rows] == [("Li Ming", 1)]


# guidance


def wrote(county, **other) -> dict:
    return {
        "key": str(uuid4()), "kind": "visit", "day": county.today, "done": "Read the plan together.",
    } | other  # fmt: skip


def test_guidance_is_written_down_once_and_today_is_filled_in(county, signed_in):
    page, browser = f"/firms/{county.tea.pk}/guidance/new/", signed_in(county.li_ming)
    assert browser.get(page).context["form"]["day"].value() == county.today
    sent = wrote(county, follow_up="Bring the form")
    assert browser.post(page, sent).url == browser.post(page, sent).url
    record = GuidanceRecord.objects.get()
    assert (record.instructor, record.by) == (county.guide_li, county.li_ming)
    assert Event.objects.filter(code="guidance.recorded").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day", "2999-01-01", "in the future"),
        ("day", "1999-01-01", "East Hill Tea opened on"),
        ("done", "长" * 5000, "at most 2000 characters (it has 5000)"),
        ("kind", "dance", "valid choice"),
        ("follow_up_on", "2001-01-01", "before the day itself"),
    ],
)
def test_a_slip_in_a_guidance_record_keeps_the_text(field, value, said, county, signed_in):
    answer = signed_in(county.li_ming).post(
        f"/firms/{county.tea.pk}/guidance/new/", wrote(county, **{field: value})
    )
    assert said in errors(answer)
    assert (value if field == "done" else "Read the plan together.") in answer.content.decode()
    assert not GuidanceRecord.objects.exists()


def test_who_records_guidance_and_where(county, signed_in):
    page = f"/firms/{county.tea.pk}/guidance/new/"
    assert signed_in(county.zhou_tao).get(page).status_code == 403
    assert signed_in(county.zhao_qiang).get(page).status_code == 404
    record = record_guidance(
        county.tea, day=county.today, kind="call", done="x", by=county.wang_fang, on=county.today
    )
    assert record.instructor is None  # a supervisor's visit is nobody's load


def test_the_case_shows_five_records_and_a_way_to_all(county, signed_in):
    for number in range(6):
        made.visit(county.tea, by=county.li_ming, on=days_ago(county, number))
    parts = case_parts(county.tea, county.li_ming)
    assert (len(parts["records"]), parts["more_records"]) == (5, True)
    all_of_them = signed_in(county.li_ming).get(f"/firms/{county.tea.pk}/guidance/")
    assert len(all_of_them.context["shown"].rows) == 6


def test_the_blocks_of_a_case_cost_few_statements(county, django_assert_max_num_queries):
    for number in range(9):
        made.member(county.tea, f"Member {number}")
        made.visit(county.tea, by=county.li_ming)
    with django_assert_max_num_queries(9):
        case_parts(Firm.objects.select_related("line", "branch").get(pk=county.tea.pk), county.li_ming)
