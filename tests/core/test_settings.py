"""Settings are read once in a process, so each of these starts one."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

SERVICE = {
    "SECRET_KEY": "fX8vQ2mK7pLw4Zs9Rb1Nc6Td3Yh5Gj0UeAoIxMkPqWz7Vt2B-long",
    "ALLOWED_HOSTS": "desk.example.cn",
    "DATABASE_URL": "postgres://desk:hunter2@127.0.0.1:1/desk",
}


def manage(*words: str, **env: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}
    return subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", *words],
        capture_output=True, text=True, env=kept | {"PYTHONUTF8": "1"} | env, check=False,
    )  # fmt: skip


def test_a_real_service_passes_every_check_of_deployment(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", VAR_DIR=str(tmp_path), **SERVICE)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_real_service_without_its_settings_says_so_in_one_line(name, tmp_path):
    done = manage("check", VAR_DIR=str(tmp_path), **{k: v for k, v in SERVICE.items() if k != name})
    assert done.returncode == 1
    assert done.stderr.strip() == f"Set {name}: a real service does not start without it."


@pytest.mark.parametrize(
    "url", ["postgres", "mysql://desk:hunter2@host/desk", "postgres://desk:hunter2@host:x/desk"]
)
def test_a_wrong_database_url_is_told_in_one_line_without_its_password(url, tmp_path):
    done = manage("check", VAR_DIR=str(tmp_path), **SERVICE | {"DATABASE_URL": url})
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL is not understood")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "hunter2" not in done.stderr


def test_the_secret_of_the_demo_is_made_once_for_its_owner_only(tmp_path):
    secrets = [
        manage(
            "shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)",
            DEMO="1", VAR_DIR=str(tmp_path / "var"),
        ).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert len(secrets[0].strip()) > 50
    assert secrets[0] == secrets[1]
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_links_lead_to_the_first_host_and_a_strange_mail_server_stops_the_start(tmp_path):
    show = "from django.conf import settings as s; print(s.SITE_URL, s.EMAIL_HOST, s.EMAIL_USE_TLS)"
    given = SERVICE | {"VAR_DIR": str(tmp_path), "EMAIL_URL": "smtp+tls://desk:hunter2@mail.cn"}
    done = manage("shell", "-c", show, **given)
    assert done.stdout.splitlines()[-1] == "https://desk.example.cn mail.cn True", done.stderr
    done = manage("check", **given | {"EMAIL_URL": "smpt://desk:hunter2@mail.cn"})
    assert done.returncode == 1
    assert done.stderr.startswith("EMAIL_URL is not understood")
    assert "hunter2" not in done.stderr
