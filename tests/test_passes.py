import signal
import socket
from datetime import datetime, timedelta

import pytest

from tests import passes, services
from tests.passes import Result

pytestmark = pytest.mark.once


def result(code=0, failed=0) -> Result:
    return Result("SQLite", code, passed=3, failed=failed, skipped=0)


def answer(monkeypatch, *results, absent=()) -> int:
    monkeypatch.setattr(passes, "passes", lambda _arguments: (list(results), list(absent)))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return passes.main([])


@pytest.mark.parametrize(
    ("codes", "ends"), [((0, 0), 0), ((0, 5), 0), ((5, 5), 5), ((0, 1), 1), ((5, 2), 1), ((0, -9), 1)]
)
def test_one_bad_pass_is_enough_and_one_that_matched_nothing_is_not(monkeypatch, codes, ends):
    assert answer(monkeypatch, *map(result, codes)) == ends


def test_the_last_lines_say_what_was_not_tested_and_what_was(monkeypatch, capsys):
    absent = ["PostgreSQL is not installed: nothing was tested on PostgreSQL."]
    answer(monkeypatch, result(), result(1, failed=2), result(5), absent=absent)
    *_, missing, counts = capsys.readouterr().out.splitlines()
    assert missing == absent[0]
    assert counts == "SQLite: 3 passed · SQLite: 3 passed, 2 failed · SQLite: no test matched"


def test_a_pass_that_crashed_without_a_failing_test_says_so():
    assert str(result(3)) == "SQLite: 3 passed, pytest ended with 3"


@pytest.mark.skipif(not services.redis(), reason="needs redis-server")
def test_a_service_is_stopped_and_leaves_nothing_also_when_the_tests_break(tmp_path):
    with pytest.raises(RuntimeError, match="broken"), services.running_redis(tmp_path) as url:
        port = int(url.rsplit(":", 1)[1].removesuffix("/0"))
        socket.create_connection(("127.0.0.1", port)).close()
        raise RuntimeError("broken")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert not list(tmp_path.iterdir())


def test_what_is_not_there_is_not_found(monkeypatch):
    monkeypatch.setattr(services.shutil, "which", lambda _name: None)
    monkeypatch.setattr(services, "PLACES", ("/nowhere/*/bin",))
    assert (services.postgresql(), services.redis(), services.chromium()) == (None, None, None)


@pytest.mark.parametrize(("clock", "minutes"), [("23:50:00", 10), ("23:40:00", 0), ("00:00:01", 0)])
def test_a_whole_pass_never_meets_midnight(clock, minutes):
    now = datetime.fromisoformat(f"2026-12-01T{clock}+08:00")
    assert passes.out_of_midnight(now) == timedelta(minutes=minutes, seconds=bool(minutes))
