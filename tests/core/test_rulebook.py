"""The rulebook refuses a slip at the start, and the rule of a day is the one that held then."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from core import rulebook
from core.desk.rulebook_page import GROUPS, TREATS, UNITS
from core.rulebook import REQUIRED, RulebookError, read, rule

pytestmark = pytest.mark.once

TEXT = Path(rulebook.__file__).with_suffix(".toml").read_text(encoding="utf-8")
LATER = """
[[standalone_branch_members]]
since    = 2030-01-01
value    = 4
unit     = "people"
treat    = "block"
says_zh  = "须有 {value} 名以上"
says_en  = "A branch of its own needs {value} full members or more"
basis_zh = "新规定"
basis_en = "A new rule"
"""


def test_the_rulebook_of_the_product_is_sound():
    assert set(read(TEXT)) == REQUIRED


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (("[[contact_floor]]", "[[contact_flor]]"), "contact_floor"),
        (("treat    =", "treats   ="), "treats"),
        (('unit     = "people"', 'unit     = "persons"'), "unit"),
        (('treat    = "block"', 'treat    = "forbid"'), "treat"),
        (("value    = 3\n", "value    = -3\n"), "whole number"),
        (("value    = 3\n", 'value    = "three"\n'), "whole number"),
        (("{value} full members", "{values} full members"), "only {value}"),
    ],
)
def test_a_slip_is_refused_with_its_name(slip, said):
    assert slip[0] in TEXT
    with pytest.raises(RulebookError, match=said.replace("{", r"\{")):
        read(TEXT.replace(*slip, 1))


def test_an_unknown_rule_is_refused():
    block = LATER.replace("standalone_branch_members", "branch_tea_breaks")
    with pytest.raises(RulebookError, match="branch_tea_breaks"):
        read(TEXT + block)


@pytest.mark.parametrize("word", ["location", "photo", "points", "ranking", "score", "check_in"])
def test_a_rule_that_would_burden_people_is_refused(word):
    with pytest.raises(RulebookError, match="burden"):
        read(TEXT + LATER.replace("standalone_branch_members", f"visit_{word}"))


def test_two_versions_from_the_same_day_are_refused():
    with pytest.raises(RulebookError, match="same `since`"):
        read(TEXT + LATER.replace("2030-01-01", "1921-07-23"))


def test_the_rule_of_the_day_holds(monkeypatch):
    monkeypatch.setattr(rulebook, "RULES", read(LATER + TEXT))
    asked = {day: rule("standalone_branch_members", on=day).value for day in (
        date(1900, 1, 1), date(2029, 12, 31), date(2030, 1, 1), date(2031, 6, 1),
    )}  # fmt: skip
    assert list(asked.values()) == [3, 3, 4, 4]


def test_a_rule_speaks_the_readers_language():
    now = rule("standalone_branch_members", on=date(2026, 1, 1))
    with override("en"):
        assert now.says == "A branch of its own needs 3 full members or more"
    with override("zh-hans"):
        assert "3 名以上" in now.says


def test_every_rule_has_its_place_on_the_page():
    shown = [key for _title, keys in GROUPS for key in keys]
    assert sorted(shown) == sorted(REQUIRED)
    assert set(UNITS) == set(rulebook.UNITS)
    assert set(TREATS) == set(rulebook.TREATS)


def test_the_page_shows_what_holds_and_folds_what_does_not(county, signed_in, monkeypatch):
    past = LATER.replace("2030-01-01", "2020-01-01").replace("value    = 4", "value    = 5")
    monkeypatch.setattr(rulebook, "RULES", read(TEXT + LATER + past))
    monkeypatch.setattr("core.desk.rulebook_page.RULES", rulebook.RULES)
    with override("en"):
        page = signed_in(county.li_ming).get(reverse("rulebook"), headers={"accept-language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("A branch of its own needs 5 full members or more") == 1
    assert "A branch of its own needs 4 full members or more" in text  # still to come
    older = text[text.index("<details") :]
    assert "A branch of its own needs 3 full members or more" in older
    assert all(f'id="{key}"' in text for key in REQUIRED)
