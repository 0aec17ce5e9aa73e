"""The interface for platforms: the figures of the figures page, the firms of the list of firms, over
the area of the token and never beyond."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.readers import reader
from core.figures.coverage import Share
from core.figures.coverage import figures as figures_of
from core.ledger.models import Firm
from core.ledger.spells import Spell, note
from tests import county as small
from tests.core.test_figures import scatter
from tests.core.test_platforms import ask, give, one_minute, refused

pytestmark = pytest.mark.usefixtures("english")
__all__ = ["one_minute"]
AREAS = (small.COUNTY, small.EAST, small.WEST, small.AWAY, small.AWAY_TOWN, "", "1", "13", "1399011000",
         "x", "1399011", "9" * 30, "１３９９０１", "139901%")  # fmt: skip


def told(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return answer.json()


def as_given(value):
    return (value.part, value.whole) if isinstance(value, Share) else (value, None)


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_are_those_of_the_figures_page(county, client, seed):
    scatter(county, Random(seed))
    _token, secret = give(county)
    got = told(ask(client, secret))
    wanted = {key: as_given(value) for key, value in figures_of(reader(small.COUNTY)).items()}
    wanted.pop("self_employed_members")  # no firm's; the county office alone keeps them
    assert {one["key"]: (one["count"], one["whole"]) for one in got["figures"]} == wanted
    for one in got["figures"]:
        if one["whole"]:
            assert one["percent"] == str(Share(one["count"], one["whole"]).percent)


@pytest.mark.parametrize("by", ["township", "line", "industry", "size"])
def test_the_parts_of_a_coverage_add_up_to_the_whole(county, client, by):
    scatter(county, Random(7))
    _token, secret = give(county)
    parts = told(ask(client, secret, f"coverage?by={by}"))["parts"]
    whole = figures_of(reader(small.COUNTY))["firms"]
    found = [one["count"] for part in parts for one in part["figures"] if one["key"] == "firms"]
    assert sum(found) == whole


def test_a_past_day_and_the_bridge_to_today(county, client):
    for firm in Firm.objects.all():
        note(firm, on=firm.opened_on)
    past = county.today - timedelta(days=40)
    Spell.objects.filter(firm=county.mall).update(since=county.today)
    _token, secret = give(county)
    assert _count(told(ask(client, secret, f"figures?on={past}")), "firms") == 2
    assert _count(told(ask(client, secret)), "firms") == 3
    moved = told(ask(client, secret, f"bridge?since={past}"))["movements"]
    assert (moved[-1]["began"], moved[-1]["ended"], moved[-1]["came"]["opened"]) == (2, 3, 1)
    page = told(ask(client, secret, f"bridge/firms?since={past}"))
    firm = page["firms"][0]
    assert (firm["name"], firm["before"], firm["after"]) == (county.mall.name, None, "blank")
    assert (firm["why"], len(page["firms"]), page["after"]) == ("opened", 1, None)
    assert told(ask(client, secret, f"bridge/firms?since={past}&after={firm['id']}"))["firms"] == []


def _count(got: dict, key: str) -> int:
    return next(one["count"] for one in got["figures"] if one["key"] == key)


@pytest.mark.parametrize("seed", range(3))
def test_the_ledger_comes_page_by_page_each_firm_once(county, client, seed):
    scatter(county, Random(seed))
    _token, secret = give(county)
    for closed in ("false", "true"):
        seen, after = [], "0"
        while after:
            page = told(ask(client, secret, f"firms?many=4&after={after}&closed={closed}"))
            seen += [firm["id"] for firm in page["firms"]]
            after = page["after"]
        rows = Firm.objects.filter(area__startswith=small.COUNTY)
        rows = rows if closed == "true" else rows.counted()
        assert seen == sorted(rows.values_list("pk", flat=True))


def test_nobodys_name_and_no_member_is_in_the_ledger(county, client):
    small.put(county.tea, owner_name="赵大掌", contact_name="孙小六", contact_phone="13900001111",
              address="东山路9号")  # fmt: skip
    small.member(county.tea, name="欧阳一二三")
    _token, secret = give(county)
    text = ask(client, secret, "firms").content.decode()
    for private in ("赵大掌", "孙小六", "13900001111", "东山路9号", "欧阳一二三", county.guide_li.name,
                    "member"):  # fmt: skip
        assert private not in text
    firm = next(
        one for one in told(ask(client, secret, "firms"))["firms"] if one["id"] == county.tea.pk
    )
    assert (firm["township"], firm["stage"], firm["branch"]) == ("East", "blank", None)


@pytest.mark.parametrize("scope", [small.COUNTY, small.EAST])
def test_no_area_that_is_asked_for_widens_a_token(county, client, scope, monkeypatch):
    monkeypatch.setattr("core.api.tokens.too_often", lambda what, at_most: False)
    scatter(county, Random(2))
    _token, secret = give(county, area=scope)
    mine = set(Firm.objects.filter(area__startswith=scope).values_list("pk", flat=True))
    rng = Random(3)
    for area in (*AREAS, *("".join(rng.choices("0139", k=rng.randint(1, 12))) for _ in range(40))):
        for path in ("figures", "coverage", "firms", "bridge/firms?since=2020-01-01"):
            joined = f"{path}{'&' if '?' in path else '?'}area={area}"
            answer = ask(client, secret, joined)
            if area and not (area.isascii() and area.isdigit() and area.startswith(scope)):
                assert refused(answer)[0] == 403, area
            elif path == "firms":
                got = {firm["id"] for firm in told(answer)["firms"]}
                assert got <= mine
            else:
                assert told(answer)["area"].startswith(scope)


def test_a_token_opens_its_parts_only(county, client):
    _token, figures = give(county, parts=["figures"])
    _token, firms = give(county, parts=["firms"])
    for path in ("firms", "bridge/firms?since=2020-01-01"):
        assert refused(ask(client, figures, path)) == (403, "not_in_scope")
    assert ask(client, firms, "firms").status_code == 200
    for path in ("figures", "coverage", "bridge?since=2020-01-01", "bridge/firms?since=2020-01-01"):
        assert refused(ask(client, firms, path)) == (403, "not_in_scope")


@pytest.mark.parametrize(
    "path",
    ["figures?on=x", "figures?on=2999-01-01", "figures?on=1200-01-01", "coverage?by=owner", "bridge",
     "bridge?since=2999-01-01", "firms?many=0", "firms?many=201", "firms?after=-1", "firms?after=%00",
     "firms?after=99999999999999999999", "bridge?since=2026-01-02&until=2026-01-01"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(county, client, path):
    _token, secret = give(county)
    assert refused(ask(client, secret, path)) == (422, "bad_input")


def test_it_is_read_only_and_says_so_as_json(county):
    browser = Client(enforce_csrf_checks=True)
    _token, secret = give(county)
    for method in ("post", "put", "patch", "delete"):
        send = getattr(browser, method)
        answer = send("/api/v1/figures", headers={"Authorization": f"Bearer {secret}"})
        assert refused(answer) == (405, "read_only")
    for nowhere in ("/api/v1/", "/api/v1/members", "/api/v1/firms/1/owner"):
        assert refused(browser.get(nowhere)) == (404, "not_found")


def test_what_a_platform_has_already_is_not_sent_again(county, client):
    _token, secret = give(county)
    first = ask(client, secret, "firms")
    again = ask(client, secret, "firms", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    small.put(county.tea, employees=4321)
    assert ask(client, secret, "firms", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_labels_come_in_the_asked_language(county, client):
    _token, secret = give(county)
    labels = {one["key"]: one["label"] for one in
              told(ask(client, secret, "figures", **{"Accept-Language": "zh"}))["figures"]}  # fmt: skip
    assert labels["organisation_coverage"] == "组织覆盖率"


# ── its description ────────────────────────────────────────────────────────────────────────────
def test_the_description_names_every_address_and_needs_nothing_from_elsewhere(db, client):
    page = client.get(reverse("api:guide"))
    text = page.content.decode()
    schema = client.get(reverse("api:v1:openapi-json")).json()
    for address, given in schema["paths"].items():
        assert address in text
        assert set(given) == {"get"}
        for asked in given["get"].get("parameters", []):
            assert asked["name"] in text
            assert asked["description"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "//cdn" not in text
    assert "Bearer" in text


def test_the_description_is_chinese_too(db, client, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    page = client.get(reverse("api:guide"), headers={"Accept-Language": "zh"}).content.decode()
    assert "某一日的全部指标" in page
    assert "The first day." not in page
