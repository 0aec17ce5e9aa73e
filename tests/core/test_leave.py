"""Leave and substitutes: who may stand in, what is refused, and the pages."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.accounts.absence import Leave, stood_in_for
from core.accounts.leave import LONGEST, end_leave, go_on_leave
from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def office(county):
    """Three supervisors of East besides the county of every test."""
    county.ren = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    county.lu = small.person("lu.min", Role.TOWNSHIP, small.EAST)
    return county


def leave(who, to, *, first=0, last=3, by=None, c):
    day = c.today
    return go_on_leave(
        who, substitute=to, since=day + timedelta(days=first), until=day + timedelta(days=last),
        by=by or who, on=day,
    )  # fmt: skip


def again(user) -> User:
    """As the next request reads this person."""
    return User.objects.get(pk=user.pk)


def refused(act, *args, **given) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(*args, **given)
    return refusal.value


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────
def test_who_stands_in_today_and_for_nobody_else(office):
    leave(office.wang_fang, office.ren, c=office)
    leave(office.he_jun, office.lu, first=2, last=5, c=office)
    assert stood_in_for(again(office.ren)) == [office.wang_fang]
    assert stood_in_for(again(office.lu)) == []  # from the day after tomorrow on
    assert stood_in_for(again(office.zhou_tao)) == []
    assert Event.objects.filter(code="leave.recorded").count() == 2


def test_who_stands_in_for_a_substitute_stands_in_for_both(office):
    leave(office.wang_fang, office.ren, c=office)
    leave(office.ren, office.lu, c=office)
    assert {user.pk for user in stood_in_for(again(office.lu))} == {office.wang_fang.pk, office.ren.pk}


def test_nobody_stands_in_for_themselves(office):
    assert refused(leave, office.ren, office.ren, c=office).code == Refused.BAD_INPUT


def test_a_circle_of_two_and_of_three_is_refused(office):
    leave(office.wang_fang, office.ren, first=0, last=5, c=office)
    assert "circle" in str(refused(leave, office.ren, office.wang_fang, c=office))
    leave(office.ren, office.lu, first=2, last=6, c=office)
    # Wang → Ren → Lu → Wang, on the days that all three share.
    assert "circle" in str(refused(leave, office.lu, office.wang_fang, first=4, last=9, c=office))
    leave(office.lu, office.wang_fang, first=7, last=9, c=office)  # they are back by then


@pytest.mark.parametrize(
    ("who", "to"),
    [("wang_fang", "li_ming"), ("wang_fang", "zhou_tao"), ("chen_jing", "wang_fang")],
)
def test_only_the_same_role_stands_in(office, who, to):
    refusal = refused(leave, getattr(office, who), getattr(office, to), c=office)
    assert "same role in this county" in str(refusal)


def test_nobody_of_another_county_or_line_or_whose_account_is_closed(office):
    away = small.person("away", Role.TOWNSHIP, small.AWAY_TOWN)
    User.objects.filter(pk=office.lu.pk).update(is_active=False)
    for to in (away, office.lu):
        assert "cannot stand in" in str(refused(leave, office.wang_fang, to, c=office))


def test_days_that_make_no_sense(office):
    def said(first, last):
        return str(refused(leave, office.wang_fang, office.ren, first=first, last=last, c=office))

    assert "ends before it begins" in said(3, 1)
    assert "begins today or later" in said(-1, 1)
    assert "a year at most" in said(0, LONGEST.days + 1)
    leave(office.wang_fang, office.ren, first=2, last=4, c=office)
    assert "on record already" in said(4, 6)
    assert Leave.objects.count() == 1


def test_only_those_for_whom_tasks_wait_go_on_leave(office):
    other = small.person("second.auditor", Role.AUDITOR, small.COUNTY)
    assert refused(leave, office.sun_li, other, c=office).code == Refused.NOT_NOW


def test_a_supervisor_records_it_for_people_of_the_area_only(office):
    leave(office.wang_fang, office.ren, by=office.zhou_tao, c=office)
    for by in (office.he_jun, office.li_ming, small.person("far", Role.COUNTY, small.AWAY)):
        given = {"by": by, "first": 7, "last": 8, "c": office}
        assert refused(leave, office.wang_fang, office.ren, **given).code == Refused.NOT_YOURS


def test_an_ended_leave_gives_the_powers_back_at_once(office):
    running = leave(office.wang_fang, office.ren, c=office)
    assert refused(end_leave, running, by=office.li_ming, on=office.today).code == Refused.NOT_YOURS
    end_leave(running, by=office.wang_fang, on=office.today)
    assert stood_in_for(again(office.ren)) == []
    assert refused(end_leave, running, by=office.wang_fang, on=office.today).code == Refused.FASTER
    leave(office.wang_fang, office.lu, c=office)  # the days are free again


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def typed(to, c, first=0, last=3) -> dict:
    return {
        "key": uuid4(), "substitute": to.pk, "since": (c.today + timedelta(days=first)).isoformat(),
        "until": (c.today + timedelta(days=last)).isoformat(),
    }  # fmt: skip


def test_one_s_own_leave_is_recorded_shown_and_ended(office, signed_in):
    browser = signed_in(office.wang_fang)
    answer = browser.post("/account/leave/", typed(office.ren, office), follow=True)
    assert "Ren Jie stands in meanwhile." in answer.content.decode()
    made = Leave.objects.get()
    assert f'action="/account/leave/{made.pk}/end/?back=1"' in answer.content.decode()
    page = signed_in(office.ren).get("/account/leave/").content.decode()
    assert "You stand in" in page and "For Wang Fang" in page
    assert f"/account/leave/{made.pk}/end/" not in page.split("You stand in")[1].split("</section>")[0]
    signed_in(office.wang_fang).post(f"/account/leave/{made.pk}/end/")
    made.refresh_from_db()
    assert made.taken_back


def test_every_page_says_in_whose_place_one_works(office, signed_in, django_assert_num_queries):
    assert "You stand in for" not in signed_in(office.ren).get("/firms/").content.decode()
    leave(office.wang_fang, office.ren, c=office)
    assert "You stand in for Wang Fang (until" in signed_in(office.ren).get("/firms/").content.decode()
    with django_assert_num_queries(0):
        assert stood_in_for(again_without_query(office.lu)) == []


def again_without_query(user) -> User:
    return User(pk=user.pk, role=user.role, area=user.area)


@pytest.mark.parametrize(
    ("to", "first", "last", "said"),
    [
        ("ren", 3, 1, "The leave ends before it begins."),
        ("ren", -2, 1, "A leave begins today or later."),
        ("li_ming", 0, 1, "This person cannot stand in."),
        ("wang_fang", 0, 1, "This person cannot stand in."),
    ],
)
def test_a_refused_leave_keeps_what_was_typed(office, signed_in, to, first, last, said):
    given = typed(getattr(office, to), office, first, last)
    answer = signed_in(office.wang_fang).post("/account/leave/", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert f'value="{given["since"]}"' in page and f'value="{given["until"]}"' in page
    assert not Leave.objects.exists()


def test_sent_twice_it_is_one_leave(office, signed_in):
    given = typed(office.ren, office)
    for _time in range(2):
        assert signed_in(office.wang_fang).post("/account/leave/", given).status_code == 302
    assert Leave.objects.count() == 1


def test_a_supervisor_finds_somebody_by_name_and_records_the_leave(office, signed_in):
    browser = signed_in(office.zhou_tao)
    page = browser.get("/account/leave/", {"q": "wang"}).content.decode()
    address = f"/accounts/{office.wang_fang.pk}/leave/"
    assert address in page and "Sun Li" not in page
    browser.post(address, typed(office.ren, office))
    made = Leave.objects.get()
    assert (made.person, made.by) == (office.wang_fang, office.zhou_tao)
    assert "Wang Fang, " in browser.get("/account/leave/").content.decode()  # who is away
    assert "Wang Fang, " not in signed_in(office.he_jun).get("/account/leave/").content.decode()


def test_away_are_only_people_of_one_s_area_also_for_their_substitute(office, signed_in):
    leave(office.wang_fang, office.he_jun, c=office)
    page = signed_in(office.he_jun).get("/account/leave/").content.decode()
    assert "For Wang Fang, " in page and "Nobody else in your area." in page


def test_whoever_needs_no_substitute_is_told_so(office, signed_in):
    page = signed_in(office.sun_li).get("/account/leave/").content.decode()
    assert "nobody needs to stand in" in page and 'name="since"' not in page
    other = small.person("second.auditor", Role.AUDITOR, small.COUNTY)
    answer = signed_in(office.sun_li).post("/account/leave/", typed(other, office))
    assert answer.status_code == 422 and not Leave.objects.exists()


def test_who_stands_in_is_chosen_by_place_with_one_s_own_office_first(office, signed_in):
    small.person("a.far", Role.TOWNSHIP, small.WEST, name="A Far")
    form = signed_in(office.wang_fang).get("/account/leave/").context["form"]
    offered = [label for value, label in form.fields["substitute"].choices if value]
    places = [label.partition(" · ")[2] for label in offered]
    own = places[0]
    assert own and places.count(own) < len(places)
    assert [place == own for place in places] == sorted((p == own for p in places), reverse=True)
    first = form.fields["substitute"].queryset.first()
    assert first.area == office.wang_fang.area
