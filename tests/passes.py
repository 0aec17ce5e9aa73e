"""What script/test runs: the suite on SQLite, then on PostgreSQL, then the pages in Chromium."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from time import sleep
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from tests import services

VAR = Path(__file__).resolve().parent.parent / "var"
DESK = ZoneInfo("Asia/Shanghai")  # as core.settings has it
LONGEST_PASS = timedelta(minutes=12)
NOTHING_MATCHED = 5  # pytest's exit code when no test was chosen


@dataclass
class Result:
    name: str
    code: int
    passed: int
    failed: int
    skipped: int

    @property
    def bad(self) -> bool:
        return self.code not in (0, NOTHING_MATCHED)

    def __str__(self) -> str:
        if self.code == NOTHING_MATCHED:
            return f"{self.name}: no test matched"
        words = [f"{self.passed} passed"]
        words += [f"{self.failed} failed"] if self.failed else []
        words += [f"{self.skipped} skipped"] if self.skipped else []
        words += [f"pytest ended with {self.code}"] if self.bad and not self.failed else []
        return f"{self.name}: {', '.join(words)}"


def run(name: str, arguments: list[str], env: dict[str, str]) -> Result:
    """One pass of pytest on both cores. Its caches and temporary files stay in var/."""
    slug = name.lower()
    folder = VAR / "tests" / slug
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    sys.stderr.write(f"\n── {name} ──\n")
    kept = {"VAR_DIR": folder / "var", "HOME": VAR / "home",
            "HYPOTHESIS_STORAGE_DIRECTORY": VAR / "tests" / "hypothesis"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", f"--junitxml={report}",
         f"--basetemp={folder / 'tmp'}", *arguments],
        env=os.environ | {name: str(place) for name, place in kept.items()} | env,
    )  # fmt: skip
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    count = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    if report.exists():
        suite = ElementTree.parse(report).getroot().find("testsuite")
        count = {key: int(suite.get(key, 0)) for key in count}
    failed = count["failures"] + count["errors"]
    return Result(name, code, count["tests"] - failed - count["skipped"], failed, count["skipped"])


def out_of_midnight(now: datetime) -> timedelta:
    """How long a pass that would meet midnight waits: its fixtures know one day, the pages they ask
    would know the next."""
    left = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo) - now
    return left + timedelta(seconds=1) if left < LONGEST_PASS else timedelta()


def passes(arguments: list[str]) -> tuple[list[Result], list[str]]:
    """All passes that this machine allows, and a sentence for each that it does not."""
    results, absent = [], []

    def begin(name, *how) -> Result:
        if not arguments and (wait := out_of_midnight(datetime.now(DESK))):
            sys.stderr.write(
                f"\nMidnight is near: {name} begins in {wait.seconds // 60 + 1} minutes.\n"
            )
            sleep(wait.total_seconds())
        return run(name, *how)

    pages, suite = ["-m", "browser", *arguments], ["-m", "not browser", *arguments]
    plain = {"DATABASE_URL": "", "REDIS_URL": "", "CHROMIUM": ""}
    with ExitStack() as stack:
        results.append(begin("SQLite", suite, plain))
        redis = {}
        if services.redis():
            redis = {"REDIS_URL": stack.enter_context(services.running_redis(VAR / "tests"))}
        else:
            absent.append("Redis is not installed: the channel layer through Redis was not tested.")
        if services.postgresql():
            url = stack.enter_context(services.running_postgresql(VAR / "tests"))
            again = ["-m", "not browser and not once", *arguments]
            results.append(begin("PostgreSQL", again, plain | redis | {"DATABASE_URL": url}))
        else:
            absent.append("PostgreSQL is not installed: nothing was tested on PostgreSQL.")
        if browser := services.chromium():
            results.append(begin("Chromium", pages, plain | {"CHROMIUM": browser}))
        else:
            absent.append("Chromium is not installed: the pages were not tested in a browser.")
    return results, absent


def main(arguments: list[str]) -> int:
    def stop(_signal, _frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    (VAR / "home").mkdir(parents=True, exist_ok=True)
    try:
        results, absent = passes(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before the end.\n")
        return 130
    sys.stdout.write("\n" + "".join(f"{line}\n" for line in absent))
    sys.stdout.write(" · ".join(map(str, results)) + "\n")
    if all(result.code == NOTHING_MATCHED for result in results):
        sys.stdout.write("No test matched.\n")
        return NOTHING_MATCHED
    return int(any(result.bad for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
