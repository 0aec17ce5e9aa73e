"""Work that nobody has to start. The queue library is known here and in the commands only."""

from datetime import time

# name, function, every so many minutes; or a time of the day (once a day).
SCHEDULES = (
    ("deadlines", "workflows.nightly.sweep", 10),
    ("nightly check", "workflows.nightly.night", time(2, 10)),
)
