"""Printed figures beside those of the ledger: verdicts, readings, and who sees and enters them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.accounts.models import User
from core.audit.models import Event
from core.demo.build import build
from core.errors import Refused
from core.figures import printed
from core.figures.ledger import Ledger
from core.figures.printed import NOTHING, PrintedFigure, Verdict, check, checks, read
from core.ledger.spells import note
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("said", "value", "tolerance", "percent"),
    [("408", 408, "0.5", False), ("7,219", 7219, "0.5", False), ("2.23%", "2.23", "0.005", True),
     ("２.２３％", "2.23", "0.005", True), ("19.4 %", "19.4", "0.05", True),
     ("1，024", 1024, "0.5", False)],
)  # fmt: skip
def test_what_was_printed_is_read(said, value, tolerance, percent):
    assert read(said) == (printed.Printed(Decimal(value), Decimal(tolerance), percent))


@pytest.mark.parametrize("said", ["", "about 20%", "20-30", "-5", "1e9", "12,34", "%", "1.2.3"])
def test_what_is_no_number_is_said(said):
    with pytest.raises(Refused, match="is no number"):
        read(said)


def test_the_demo_countys_own_report(db):
    """The survey: 19.36% holds, 2.23% is 2.33%, the affiliated 79 ask for their reading."""
    build([0], seed=2014, on=date(2026, 11, 25))
    found = {one.figure.label: one for one in checks(User.objects.get(username="county"))}
    assert found["有党员企业占全部企业的比例"].verdict == Verdict.AGREES
    share = found["企业党员占从业人员的比例"]
    assert (share.verdict, share.percent) == (Verdict.DIFFERS, Decimal("2.33"))
    assert found["挂靠党支部覆盖的企业"].verdict == Verdict.UNCLEAR
    assert found["非公有制经济增加值占生产总值的比例"].verdict == Verdict.NOT_CHECKED
    rest = {label for label, one in found.items() if one.verdict == Verdict.AGREES}
    assert len(rest) == len(found) - 3


def figure(county, said: str, part: str, whole="") -> PrintedFigure:
    return printed.enter(report="Survey", on=county.today, label=f"{said} {part}", printed=said,
                         part=part, whole=whole, by=county.wang_fang, today=county.today)  # fmt: skip


@pytest.fixture
def three(county):
    """Three firms stand in East; one has a full member."""
    for name in ("One", "Two"):
        note(small.firm(name), on=county.today)
    note(county.tea, on=county.today)
    small.member(county.tea)
    return county


@pytest.mark.parametrize(
    ("said", "part", "whole", "verdict"),
    [
        ("3", "firms", "", "agrees"), ("4", "firms", "", "differs"),
        ("33.33%", "firms_with_members", "firms", "agrees"),
        ("33.3%", "firms_with_members", "firms", "agrees"),
        ("33.34%", "firms_with_members", "firms", "differs"),
        ("33%", "firms_with_members", "", "not_checked"),  # a share of what?
        ("3", "firms_with_members", "firms", "not_checked"),  # no share was printed
        ("3", "", "", "unclear"), ("45.6%", NOTHING, "", "not_checked"),
        ("10%", "firms", "paused_firms", "not_checked"),  # of nothing
    ],
)  # fmt: skip
def test_the_verdict_with_half_of_the_last_digit(three, said, part, whole, verdict):
    one = figure(three, said, part, whole)
    ledger = Ledger(three.wang_fang, three.today, past=True)
    assert check(one, ledger).verdict == verdict


def test_a_reading_is_chosen_and_what_was_printed_stays(three, signed_in):
    one, browser = figure(three, "3", ""), signed_in(three.wang_fang)
    page = browser.get("/figures/check/").content.decode()
    assert "unclear what is counted" in page and "Choose the reading" in page
    given = {"key": uuid4(), "part": "firms", "whole": ""}
    for _twice in range(2):
        assert browser.post(f"/figures/check/{one.pk}/reading/", given).status_code == 302
    one.refresh_from_db()
    assert (one.printed, one.part) == ("3", "firms")
    assert "agrees" in browser.get("/figures/check/").content.decode()
    assert Event.objects.filter(code="printed.reading").count() == 1
    browser.post(f"/figures/check/{one.pk}/take-back/", {"key": uuid4()})
    assert "No printed figure" in browser.get("/figures/check/").content.decode()
    assert PrintedFigure.objects.count() == 1


def typed(county, **more) -> dict:
    return {"key": uuid4(), "report": "Survey", "on": county.today, "label": "Firms", "printed": "3",
            "part": "firms", "whole": ""} | more  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [{"printed": "many"}, {"on": "2999-01-01"}, {"on": "soon"}, {"part": "hearts"}, {"label": ""},
     {"whole": "firms", "part": ""}, {"printed": "3" * 30}],
)  # fmt: skip
def test_a_slip_is_said_and_what_was_typed_is_kept(three, signed_in, more):
    answer = signed_in(three.wang_fang).post("/figures/check/new/", typed(three, **more))
    assert answer.status_code == 422 and 'value="Survey"' in answer.content.decode()
    assert not PrintedFigure.objects.exists()


def test_entered_once_and_by_the_own_office_only(three, signed_in):
    browser = signed_in(three.wang_fang)
    assert browser.post("/figures/check/new/", typed(three)).status_code == 302
    again = browser.post("/figures/check/new/", typed(three))
    assert again.status_code == 422 and "entered already" in again.content.decode()
    one = PrintedFigure.objects.get()
    for other in (three.he_jun, three.zhou_tao):  # each checks the report of its own area
        assert signed_in(other).get(f"/figures/check/{one.pk}/reading/").status_code == 404
        assert "Survey" not in signed_in(other).get("/figures/check/").content.decode()
    with pytest.raises(Refused):
        printed.take_back(one, by=three.he_jun, at=one.at + timedelta(days=1))
