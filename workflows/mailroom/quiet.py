"""When something may leave: not in quiet hours, and later after each failure."""

from datetime import datetime, time, timedelta

from django.utils import timezone

TRIES = 10  # in a row, over about eight and a half hours; then a robot is given up
LONGEST = timedelta(hours=6)


def after_quiet(moment: datetime, quiet: tuple[time, time] | None) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls in, by the county's clock.

    Quiet hours may run over midnight: from 21:00 until 07:00. From and until the same: none.
    """
    if quiet is None or quiet[0] == quiet[1]:
        return moment
    begins, ends = quiet
    local = timezone.localtime(moment)
    clock = local.time()
    over_midnight = begins > ends
    within = clock >= begins or clock < ends if over_midnight else begins <= clock < ends
    if not within:
        return moment
    end = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4 … minutes."""
    return min(timedelta(minutes=2 ** min(failures - 1, 12)), LONGEST)
