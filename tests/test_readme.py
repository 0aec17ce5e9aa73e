"""The README stays true: its diagram is the chart, its accounts and rooms are there."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from core.demo.accounts import ACCOUNTS, PASSWORD
from workflows.coverage.drawing import as_mermaid

pytestmark = pytest.mark.once

HOME = Path(__file__).resolve().parent.parent
README = (HOME / "README.md").read_text(encoding="utf-8")


def test_the_diagram_is_the_chart():
    with translation.override("en"):
        wanted = as_mermaid().strip()
    drawn = re.search(r"```mermaid\n(.*?)\n```", README, re.DOTALL).group(1)
    assert drawn == wanted, f"Put this between the fences:\n{wanted}"


def test_the_accounts_are_those_of_the_demo():
    assert PASSWORD in README
    for account in ACCOUNTS:
        with translation.override("en"):
            assert f"| `{account.username}` | {account.does} |" in README


def test_every_path_that_is_named_is_there():
    for path in re.findall(r"`((?:core|workflows|script)/[\w./]*)`", README):
        assert (HOME / path).exists(), path


def test_it_stays_one_page():
    prose = re.sub(r"```mermaid.*?```", "", README, flags=re.DOTALL)
    assert len(prose.splitlines()) < 110
