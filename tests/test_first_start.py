"""The first start, from an empty folder to a page in Chinese, as the README's command does it."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from django.conf import settings

pytestmark = pytest.mark.once


@pytest.fixture
def first_start(tmp_path):
    """A desk that serves from nothing, and what it printed until then."""
    env = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "VAR_DIR": str(tmp_path / "var"),
        "DEMO": "1", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    desk = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=settings.BASE_DIR, env=env, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    printed = ""
    try:
        for line in desk.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield re.search(r"http://\S+?(?=/?\s)", printed).group(0), printed
    finally:
        desk.send_signal(signal.SIGTERM)
        assert desk.wait(timeout=60) == 0


def get(url):
    request = urllib.request.Request(url, headers={"Accept-Language": "zh-CN"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, answer.read().decode()


def test_from_nothing_to_a_page_in_chinese(first_start):
    address, printed = first_start
    for account in ("instructor", "township", "line", "county", "contact", "auditor", "admin"):
        assert re.search(rf"^\s+{account}\s", printed, re.MULTILINE)
    _headers, health = get(f"{address}/healthz")
    for part in ("database: ok", "migrations: ok", "fonts: ok", "queue:"):
        assert part in health
    _headers, page = get(f"{address}/sign-in/")
    assert '<html lang="zh-hans">' in page
    assert "登录" in page  # also in the process that compiled the words
    style = re.search(r'href="(/static/core/site\.[0-9a-f]{12}\.css)"', page).group(1)
    headers, _css = get(address + style)  # collected with hashed names, to be kept for ever
    assert "max-age=315360000" in headers["Cache-Control"]
