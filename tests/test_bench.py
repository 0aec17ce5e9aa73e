"""The measures are programs, too: the smallest one is run, so that they do not rot unseen."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests import services

pytestmark = pytest.mark.once


@pytest.mark.skipif(services.postgresql() is None, reason="needs PostgreSQL's programs")
def test_a_measure_walks_the_whole_way_and_ends_with_its_figures():
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "transition", "--lifecycles", "2"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert set(figures) == {"statements", "ratio_raw", "ratio_plain", "ratio_stock"}
    assert all(figure > 0 for figure in figures.values())


@pytest.mark.parametrize("name", ["export", "inbox", "live", "match", "papers", "transition", "weight"])
def test_every_measure_finds_what_it_measures(name):
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", name, "--help"],
        cwd=settings.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def test_an_unknown_measure_says_which_there_are():
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "weather"],
        cwd=settings.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 2
    assert "export|figures|import|inbox|live|match|papers|transition|weight" in run.stderr
