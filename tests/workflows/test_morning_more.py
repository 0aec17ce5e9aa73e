"""The morning page again: what came back, who is away, real numbers, and parts that stay fresh."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.leave import go_on_leave
from core.capped import CAP
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.morning.models import Sighting

pytestmark = pytest.mark.usefixtures("english")


def today(person, signed_in) -> str:
    return signed_in(person).get("/today/")


def test_a_proposal_that_came_back_says_by_when_to_correct_it(county, own_branch, signed_in):
    under_way = today(county.li_ming, signed_in).content.decode()
    assert "A proposal is under way" in under_way and "Correct it" not in under_way
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "The union's paper is missing.")
    page = today(county.li_ming, signed_in).content.decode()
    assert f'<a href="/tasks/{at_hand(own_branch).pk}/">Correct it by' in page
    assert "A proposal is under way" not in page


def test_more_than_the_navigation_counts_are_shown_as_they_are(county, signed_in):
    firms = [small.firm(f"Firm {number}") for number in range(CAP + 4)]
    Sighting.objects.bulk_create(
        Sighting(firm=firm, kind="quiet", county=firm.county, town=firm.area[:9], area=firm.area,
                 stage=firm.stage, since=county.today, seen_at=timezone.now())
        for firm in firms
    )  # fmt: skip
    page = today(county.wang_fang, signed_in)
    assert page.context["counts"]["quiet"] == CAP + 4
    assert f'<span class="count quiet">{CAP + 4}\n' in page.content.decode()
    assert Firm.objects.count() > CAP


def test_who_is_on_leave_reads_who_stands_in(county, signed_in):
    other = small.person("liu.yan", "township", small.EAST, name="Liu Yan")
    until = county.today + timedelta(days=2)
    assert "You are on leave" not in today(county.wang_fang, signed_in).content.decode()
    days = {"since": county.today, "until": until, "on": county.today}
    go_on_leave(county.wang_fang, substitute=other, by=county.wang_fang, **days)
    page = today(county.wang_fang, signed_in).content.decode()
    assert "You are on leave until" in page and "Liu Yan stands in for you." in page
    assert "You are on leave" not in today(other, signed_in).content.decode()


@pytest.mark.parametrize(
    ("who", "parts"),
    [("wang_fang", ["waits", "late", "quiet", "can_move", "nearly"]),
     ("li_ming", ["numbers", "firms", "tasks"]), ("wu_laoban", ["asked"])],
)  # fmt: skip
def test_its_parts_are_fetched_when_tasks_change(who, parts, county, signed_in):
    page = today(getattr(county, who), signed_in).content.decode()
    for part in parts:
        assert f'id="today-{part}" data-live="tasks"' in page
