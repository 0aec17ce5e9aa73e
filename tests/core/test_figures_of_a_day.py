"""The pages of a past day and of what changed between two: what they show, and what they refuse."""

from datetime import timedelta

import pytest

from core.ledger.acts import change, register
from core.ledger.models import Firm
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def mill(county):
    """A firm that opened thirty days ago in East and moved to West ten days ago."""
    firm = register(
        by=county.zhou_tao, on=county.today - timedelta(days=30), area=small.EAST, line=None,
        credit_code="91350100M000100Y43", name="East Mill", industry="C", size="small", employees=40,
        opened_on=county.today - timedelta(days=30),
    )  # fmt: skip
    moved = county.today - timedelta(days=10)
    change(Firm.objects.get(pk=firm.pk), by=county.zhou_tao, on=moved, version=1, area=small.WEST)
    return firm


def on(county, days: int) -> str:
    return (county.today - timedelta(days=days)).isoformat()


def test_the_figures_of_a_past_day_lead_to_its_firms(county, mill, signed_in):
    browser = signed_in(county.wang_fang)
    page = browser.get(f"/figures/?on={on(county, 20)}").content.decode()
    assert "Rebuilt from the records as of" in page
    assert f"/figures/firms/?on={on(county, 20)}&amp;sort=name" in page
    listed = browser.get(f"/figures/firms/?on={on(county, 20)}&sort=name").content.decode()
    assert "1 firm, as it was on that day" in listed and "East Mill" in listed
    assert f"/firms/{mill.pk}/" not in listed  # it lies in West now
    after = browser.get(f"/figures/firms/?on={on(county, 5)}&sort=name").content.decode()
    assert "0 firms" in after and "East Mill" not in after
    west = signed_in(county.he_jun).get(f"/figures/firms/?on={on(county, 5)}").content.decode()
    assert f'href="/firms/{mill.pk}/"' in west


def test_the_bridge_names_the_firm_and_why(county, mill, signed_in):
    for reader, why in ((county.wang_fang, "Went elsewhere"), (county.he_jun, "Came from elsewhere")):
        span = f"?since={on(county, 20)}&until={on(county, 5)}"
        page = signed_in(reader).get(f"/figures/bridge/{span}").content.decode()
        assert "1 firm makes the difference" in page and why in page and "East Mill" in page
        still = f"?since={on(county, 9)}&until={on(county, 5)}"
        quiet = signed_in(reader).get(f"/figures/bridge/{still}").content.decode()
        assert "Between these days nothing changed" in quiet
    county_wide = signed_in(county.zhou_tao).get(f"/figures/bridge/{span}").content.decode()
    assert "Between these days nothing changed" in county_wide


def test_a_number_of_the_bridge_leads_to_its_firms_only(county, mill, signed_in):
    browser, span = signed_in(county.zhou_tao), f"since={on(county, 40)}&until={on(county, 0)}"
    page = browser.get(f"/figures/bridge/?{span}").content.decode()
    assert "+1 Opened" in page
    chosen = browser.get(f"/figures/bridge/?{span}&side=came&why=opened&stage=blank").content.decode()
    assert "East Mill" in chosen
    other = browser.get(f"/figures/bridge/?{span}&side=left&why=closed").content.decode()
    assert "East Mill" not in other


@pytest.mark.parametrize(
    "address",
    ["?on=2999-01-01", "?on=1800-01-01", "?on=31.12.2014", "?on=%00", "firms/?on=2999-01-01",
     "bridge/?since=2999-01-01", "bridge/?since=2024-05-05&until=2024-05-01", "bridge/?until=soon"],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_and_nothing_breaks(county, signed_in, address):
    answer = signed_in(county.zhou_tao).get(f"/figures/{address}")
    assert answer.status_code == 422 and 'class="error"' in answer.content.decode()


@pytest.mark.parametrize(
    "more", ["&township=x", "&has=nothing", "&stage=%00", "&operation=all", "&after=9999"]
)
def test_strange_filters_are_passed_over(county, mill, signed_in, more):
    answer = signed_in(county.zhou_tao).get(f"/figures/firms/?on={on(county, 5)}{more}")
    assert answer.status_code == 200 and "East Mill" in answer.content.decode()


def test_a_past_day_asks_no_more_than_a_bounded_number_of_statements(
    county, mill, signed_in, django_assert_max_num_queries
):
    browser = signed_in(county.zhou_tao)
    browser.get("/figures/")
    for address in (f"?on={on(county, 5)}", f"firms/?on={on(county, 5)}", "bridge/"):
        with django_assert_max_num_queries(16):
            assert browser.get(f"/figures/{address}").status_code == 200
