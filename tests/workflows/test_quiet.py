"""Quiet hours, back-off: pure functions over the clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflows.mailroom.quiet import TRIES, after_quiet, pause_after

WALL = ZoneInfo("Asia/Shanghai")
NIGHT, NOON = (time(21), time(7)), (time(12), time(14, 30))


def at(clock: str, day=5) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02} {clock}").replace(tzinfo=WALL)


@pytest.mark.parametrize(
    ("moment", "quiet", "leaves"),
    [
        (at("20:59"), NIGHT, at("20:59")),
        (at("21:00"), NIGHT, at("07:00", 6)),
        (at("23:59:59"), NIGHT, at("07:00", 6)),
        (at("00:00"), NIGHT, at("07:00")),
        (at("06:59:59"), NIGHT, at("07:00")),
        (at("07:00"), NIGHT, at("07:00")),
        (at("11:59"), NOON, at("11:59")),
        (at("12:00"), NOON, at("14:30")),
        (at("14:30"), NOON, at("14:30")),
        (at("03:00"), None, at("03:00")),
        (at("03:00"), (time(3), time(3)), at("03:00")),
    ],
)
def test_what_falls_into_quiet_hours_leaves_when_they_end(moment, quiet, leaves):
    assert after_quiet(moment, quiet) == leaves
    utc = moment.astimezone(ZoneInfo("UTC"))
    assert after_quiet(utc, quiet) == leaves  # the county's clock counts, not the server's


def test_each_failure_waits_longer_and_the_last_comes_after_a_night_without_network():
    pauses = [pause_after(number) for number in range(1, TRIES)]
    assert pauses[:4] == [timedelta(minutes=each) for each in (1, 2, 4, 8)]
    assert pauses == sorted(pauses)
    assert timedelta(hours=8) < sum(pauses, timedelta()) < timedelta(hours=9)
    assert pause_after(60) == timedelta(hours=6)
