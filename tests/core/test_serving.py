import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError

from core.desk import serving

pytestmark = pytest.mark.once


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as refusal, serving._taken("127.0.0.1", port):
            pytest.fail("two desks at one port")
    assert f"Cannot serve at 127.0.0.1:{port}" in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize("host", ["256.0.0.1", "no such host"])
def test_a_host_that_is_none_is_told_in_one_line(host):
    with pytest.raises(CommandError, match="Cannot serve at"), serving._taken(host, 0):
        pytest.fail("served nowhere")


@pytest.mark.parametrize(
    ("demo", "host", "answers"),
    [
        (True, "127.0.0.1", 400), (True, "10.1.2.3", 200), (True, "0.0.0.0", 200),
        (False, "0.0.0.0", 400),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_the_demo_answers_by_the_address_it_was_told(settings, client, demo, host, answers):
    settings.DEMO, settings.ALLOWED_HOSTS = demo, ["localhost", "127.0.0.1"]
    serving.open_to(host)
    assert client.get("/sign-in/", headers={"host": "10.1.2.3"}).status_code == answers


def test_the_accounts_are_announced_in_the_demo_only(settings):
    told = []
    serving.announce("127.0.0.1", 8000, told.append)
    assert "township" in "\n".join(told)
    settings.DEMO = False
    told.clear()
    serving.announce("0.0.0.0", 8000, told.append)
    assert "township" not in "\n".join(told)
    assert "http://127.0.0.1:8000/" in "\n".join(told)


def test_a_worker_that_is_told_to_stop_leaves_no_child(tmp_path, monkeypatch):
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with serving._worker() as worker:
        assert os.getpgid(worker.pid) == worker.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(worker.pid, 0)


def test_a_worker_ends_when_its_server_is_gone(tmp_path):
    """The server may be killed outright; then only the closed pipe tells the worker."""
    worker = subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "worker"],
        stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        env=os.environ | {"DEMO": "1", "VAR_DIR": str(tmp_path), "DATABASE_URL": ""},
    )  # fmt: skip
    worker.stdin.close()
    worker.wait(60)
    with pytest.raises(ProcessLookupError):
        os.killpg(worker.pid, 0)


def test_links_lead_to_where_the_demo_is_served(settings, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    settings.DEMO = False
    settings.SITE_URL = "https://desk.example"
    serving.link_to("0.0.0.0", 8123)
    assert settings.SITE_URL == "https://desk.example" and "SITE_URL" not in os.environ
    settings.DEMO = True
    monkeypatch.setenv("SITE_URL", "https://demo.example")
    serving.link_to("0.0.0.0", 8123)
    assert settings.SITE_URL == "https://desk.example"
    monkeypatch.setenv("SITE_URL", "")
    serving.link_to("0.0.0.0", 8123)
    assert settings.SITE_URL == os.environ["SITE_URL"] == "http://127.0.0.1:8123"  # the worker's too
