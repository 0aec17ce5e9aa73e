"""The register of instructors: whole entries, their history, standing, trainings, declared ties."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.accounts.acts import change_place
from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from core.people.assigning import assign
from core.people.entries import change_instructor
from core.people.history import EntryVersion, entry_on, story
from core.people.models import Instructor
from core.people.standing import Standing, in_good_standing, record_standing
from core.people.terms import record_left, renew_term
from core.people.training import Training, days_by_year, record_training, take_back_training
from core.rulebook import rule
from tests import county as made
from tests.core.test_firm_form import errors

pytestmark = pytest.mark.usefixtures("english")


def typed(**more) -> dict:
    return {
        "key": str(uuid4()), "name": "任小平", "area": made.EAST, "sending_unit": "Water bureau",
        "full_member": "on", "term_from": "2026-01-01", "term_until": "2028-01-01",
        "kind": "retired", "mode": "single", "trade": "A", "languages": "普通话, 苗语;普通话",
        "further_areas": [made.WEST, made.EAST], "takes_more_from": "2026-12-01", "specialty": "Tea",
        "phone": "0690-5123456",
    } | more  # fmt: skip


def page_of(guide, tail="") -> str:
    return f"/instructors/{guide.pk}/{tail}"


# ── the entry ──────────────────────────────────────────────────────────────────────────────────
def test_a_whole_entry_is_recorded_shown_and_changed(county, signed_in):
    browser = signed_in(county.wang_fang)
    blank = browser.get("/instructors/new/").content.decode()
    assert '<option value="County bureau of agriculture">' in blank
    assert "Neither probationary members" in blank
    address = browser.post("/instructors/new/", typed()).url
    one = Instructor.objects.get(name="任小平")
    assert (one.kind, one.mode, one.trade, one.languages) == ("retired", "single", "A", "普通话、苗语")
    assert [area.code for area in one.further_areas.all()] == [made.WEST]  # East is home
    page = browser.get(address).content.decode()
    for said in ("Retired cadre", "One firm", "Farming, forestry", "普通话、苗语", "West", "Tea"):
        assert said in page, said
    form = browser.get(f"{address}edit/").context["form"]
    assert form["sending_unit"].value() == "Water bureau"
    assert form["further_areas"].value() == [made.WEST]
    assert "full_member" not in form.fields
    browser.post(f"{address}edit/", typed(further_areas=[], kind="full_time"))
    assert not one.further_areas.exists()
    assert Event.objects.get(code="instructor.changed").words["what"] == (
        "instructor.further_areas, instructor.kind"
    )


def test_an_account_is_given_once_in_the_form(county, signed_in):
    guide = made.instructor("Ren Ping", made.EAST)
    free = made.person("ren.ping", Role.INSTRUCTOR, made.EAST)
    browser = signed_in(county.wang_fang)
    given = typed(name="Ren Ping", sending_unit="County bureau of agriculture")
    assert browser.get(page_of(guide, "edit/")).context["form"].fields["user"]
    with pytest.raises(Refused, match="belongs to another"):
        change_instructor(guide, by=county.wang_fang, user=county.li_ming)
    change_instructor(guide, by=county.wang_fang, user=free)
    guide.refresh_from_db()
    assert guide.user == free
    assert "user" not in browser.get(page_of(guide, "edit/")).context["form"].fields
    assert browser.post(page_of(guide, "edit/"), given).status_code == 302
    guide.refresh_from_db()
    assert guide.user == free
    with pytest.raises(Refused, match="has an account already"):
        change_instructor(guide, by=county.wang_fang, user=county.zhao_qiang)


def test_further_areas_lie_in_the_county(county, signed_in):
    answer = signed_in(county.wang_fang).post(
        "/instructors/new/", typed(further_areas=[made.AWAY_TOWN])
    )
    assert answer.status_code == 422 and not Instructor.objects.filter(name="任小平")


# ── history ────────────────────────────────────────────────────────────────────────────────────
def test_every_act_keeps_what_the_entry_said_before(county):
    guide, by, on = county.guide_li, county.wang_fang, county.today
    change_instructor(guide, by=by, phone="0690-5000001")
    change_instructor(guide, by=by, phone="0690-5000001")  # nothing differs: no version
    record_standing(guide, since=on, why="Under investigation", by=by, on=on)
    record_standing(guide, since=on, why="", by=by, on=on)
    renew_term(guide, begins="old_end", by=by, on=on)
    guide.assignments.all().delete()
    record_left(guide, left_on=on, by=by, on=on)
    kept = list(EntryVersion.objects.filter(instructor=guide).order_by("number"))
    assert [one.came for one in kept] == [
        "before", "changed", "standing", "standing", "term", "left",
    ]  # fmt: skip
    assert [one.number for one in kept] == [0, 1, 2, 3, 4, 5]
    assert kept[0].entry["phone"] == "" and kept[1].entry["phone"] == "0690-5000001"
    assert kept[-1].entry["left_on"] == on.isoformat()
    newest = story(guide)[0]
    assert [(label, before) for label, before, _after in newest["changes"]] == [("left on", "–")]


def test_the_entry_is_read_as_it_stood_on_a_day(county):
    guide, yesterday = county.guide_li, county.today - timedelta(days=1)
    assert entry_on(guide, yesterday)["phone"] == ""  # never changed: as it is
    change_instructor(guide, by=county.wang_fang, phone="0690-5000001")
    change_instructor(guide, by=county.wang_fang, phone="0690-5000002")
    assert entry_on(guide, yesterday)["phone"] == ""
    assert entry_on(guide, county.today)["phone"] == "0690-5000002"
    new = made.instructor("Ren", made.EAST)
    EntryVersion.objects.create(instructor=new, number=1, came="recorded", entry={"name": "Ren"})
    assert entry_on(new, yesterday) is None


@pytest.mark.parametrize("table", ["core_entryversion", "core_standing"])
def test_the_database_refuses_to_change_or_delete_history(table, county):
    change_instructor(county.guide_li, by=county.wang_fang, phone="0690-5000001")
    record_standing(county.guide_li, since=county.today, why="x", by=county.wang_fang, on=county.today)
    for statement in (f"UPDATE {table} SET by_id = NULL", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_whose_account_it_is_has_a_history_too(county):
    change_place(county.li_ming, by=county.zheng_guan, role=Role.TOWNSHIP, area=made.EAST)
    last = EntryVersion.objects.filter(instructor=county.guide_li).last()
    assert (last.came, last.entry["user"]) == ("account", "")


def test_the_page_of_history_tells_changes_and_a_day(county, signed_in):
    change_instructor(county.guide_li, by=county.wang_fang, specialty="Tea")
    browser, page = signed_in(county.wang_fang), page_of(county.guide_li, "history/")
    shown = browser.get(page).content.decode()
    assert "Wang Fang" in shown and "<b>Tea</b>" in shown
    yesterday = (county.today - timedelta(days=1)).isoformat()
    then = browser.get(page, {"on": yesterday}).context["then"]
    assert ("specialty", "–") in then
    for strange in ("2026-13-45", "soon", "0"):
        assert b"This is no day" in browser.get(page, {"on": strange}).content
    assert signed_in(county.li_ming).get(page).status_code == 200  # one's own
    made.assign(county.guide_zhao, made.firm("East Mill", made.EAST))  # seen through a firm only
    assert signed_in(county.wang_fang).get(page_of(county.guide_zhao, "history/")).status_code == 403


# ── standing ───────────────────────────────────────────────────────────────────────────────────
def test_who_is_not_in_good_standing_gets_no_firm_and_keeps_the_old_ones(county, signed_in):
    browser, page = signed_in(county.wang_fang), page_of(county.guide_li, "standing/")
    assert b"1 firm stays until its supervisor" in browser.get(page).content
    sent = {"key": uuid4(), "since": county.today, "why": ""}
    assert browser.post(page, sent).status_code == 422
    browser.post(page, sent | {"why": "Under investigation"})
    county.guide_li.refresh_from_db()
    assert not county.guide_li.full_member
    with pytest.raises(Refused, match="not a full member in good standing"):
        assign(county.mall, county.guide_li, since=county.today, by=county.wang_fang, on=county.today)
    shown = browser.get(page_of(county.guide_li)).content.decode()
    assert "1 firm is still guided" in shown and "Under investigation" in shown
    load = browser.get("/instructors/load/").content.decode()
    assert "Standing suspended, still guide firms" in load and "Li Ming" in load
    browser.post(page, {"key": uuid4(), "since": county.today, "why": ""})
    kinds = list(Standing.objects.values_list("kind", "why"))
    assert kinds == [("suspended", "Under investigation"), ("restored", "")]
    assert not [e for e in Event.objects.all() if "investigation" in str(e.words)]


def test_standing_is_asked_of_any_day_and_days_go_forward(county):
    guide, by, on = county.guide_li, county.wang_fang, county.today
    record_standing(guide, since=on - timedelta(days=9), why="x", by=by, on=on)
    record_standing(guide, since=on - timedelta(days=2), why="", by=by, on=on)
    asked = [in_good_standing(guide, on=on - timedelta(days=n)) for n in (10, 9, 3, 2, 0)]
    assert asked == [True, False, False, True, True]
    with pytest.raises(Refused, match="give a day since then"):
        record_standing(guide, since=on - timedelta(days=3), why="x", by=by, on=on)
    with pytest.raises(Refused, match="in the future"):
        record_standing(guide, since=on + timedelta(days=1), why="x", by=by, on=on)


def test_reasons_of_standing_are_read_by_keepers_and_the_person_only(county, signed_in):
    record_standing(
        county.guide_li, since=county.today, why="Secret", by=county.wang_fang, on=county.today
    )
    readers = {
        person.username
        for person in county.by_role.values()
        if b"Secret" in signed_in(person).get(page_of(county.guide_li)).content
    }
    assert readers == {"wang.fang", "zhou.tao", "li.ming"}
    rows = {
        person.username
        for person in county.by_role.values()
        if Standing.objects.visible_to(person).exists()
    }
    assert rows == readers and not Standing.objects.visible_to(county.he_jun)


# ── trainings ──────────────────────────────────────────────────────────────────────────────────
def course(*people, **more) -> dict:
    return {
        "key": uuid4(), "subject": "Party building", "day": timezone.localdate(), "days": "1.5",
        "instructors": [one.pk for one in people],
    } | more  # fmt: skip


def test_a_course_is_recorded_for_many_and_counted_by_year(county, signed_in):
    second = made.instructor("Ren Ping", made.EAST)
    browser = signed_in(county.wang_fang)
    sent = course(county.guide_li, second)
    assert browser.post("/instructors/training/", sent).status_code == 302
    browser.post("/instructors/training/", sent)  # sent twice
    assert Training.objects.count() == 2
    (year,) = days_by_year(county.guide_li, on=county.today)
    assert (year["have"], year["short"]) == (Decimal("1.5"), Decimal("1.5"))
    old = {"day": date(county.today.year - 1, 5, 5), "subject": "Law", "days": Decimal(3)}
    record_training([county.guide_li], by=county.wang_fang, on=county.today, **old)
    years = days_by_year(county.guide_li, on=county.today)
    assert [(y["have"], y["short"]) for y in years] == [(Decimal("1.5"), Decimal("1.5")), (3, 0)]
    shown = browser.get(page_of(county.guide_li)).content.decode()
    assert "1.5 missing" in shown and "Law" in shown
    again = browser.post("/instructors/training/", course(county.guide_li, second))
    assert "on record already for all" in errors(again)
    part = course(county.guide_li, second, made.instructor("He Yong", made.EAST))
    assert browser.post("/instructors/training/", part).status_code == 302  # who had it is left as is
    assert Training.objects.filter(subject="Party building").count() == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days": "0.3"}, "half"), ({"days": "99"}, "30"), ({"days": "0"}, "0.5"),
        ({"days": "1.25"}, "decimal"), ({"day": "2999-01-01"}, "in the future"),
        ({"subject": " "}, "fill this in"), ({"instructors": []}, "Choose at least one"),
        ({"days": "0.7"}, "whole or half days"),
    ],
)  # fmt: skip
def test_a_slip_in_a_course_keeps_what_was_typed(more, said, county, signed_in):
    answer = signed_in(county.wang_fang).post("/instructors/training/", course(county.guide_li) | more)
    assert answer.status_code == 422 and not Training.objects.exists()
    if said != "half":
        assert said in errors(answer)
    assert b'value="Party building"' in answer.content or "subject" in more


def test_others_people_take_part_in_no_course_of_ones_own(county, signed_in):
    answer = signed_in(county.wang_fang).post("/instructors/training/", course(county.guide_zhao))
    assert answer.status_code == 422
    made.assign(county.guide_zhao, made.firm("East Mill", made.EAST))
    with pytest.raises(Refused, match="outside your area"):
        record_training([county.guide_li, county.guide_zhao], day=county.today, days=Decimal(1),
                        subject="x", by=county.wang_fang, on=county.today)  # fmt: skip
    assert not Training.objects.exists()


def test_a_training_is_taken_back_with_a_reason_and_stays_readable(county, signed_in):
    browser = signed_in(county.wang_fang)
    browser.post("/instructors/training/", course(county.guide_li))
    one = Training.objects.get()
    page = f"/instructors/training/{one.pk}/take-back/"
    assert browser.post(page, {"key": uuid4(), "why": ""}).status_code == 422
    assert browser.post(page, {"key": uuid4(), "why": "Wrong person"}).status_code == 302
    (year,) = days_by_year(county.guide_li, on=county.today)
    assert year["have"] == 0
    shown = browser.get(page_of(county.guide_li)).content.decode()
    assert "<s>Party building</s>" in shown and "Wrong person" in shown
    with pytest.raises(Refused, match="was taken back on"):
        take_back_training(one, why="again", by=county.wang_fang, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.update(taken_back_why="")


def test_the_rule_of_training_days_is_in_the_rulebook(county):
    assert rule("instructor_training_days", on=county.today).value == 3
