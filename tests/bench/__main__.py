"""Starts what a measure needs (a PostgreSQL that keeps its data, Redis) and runs it.

Each measure is a module of this package: `options(parser)` names its options, `measure(given)`
gives the figures that are printed in the last line, as JSON.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command
from django.urls import get_resolver

from tests import services

VAR = Path(__file__).resolve().parents[2] / "var" / "bench"
WITH_REDIS = ("live",)


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    name = arguments[0] if arguments else ""
    if not (Path(__file__).parent / f"measure_{name}.py").exists():
        known = sorted(file.stem[8:] for file in Path(__file__).parent.glob("measure_*.py"))
        sys.stderr.write(f"script/bench {'|'.join(known)} [--help]\n")
        return 2
    VAR.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        _set_up(name, arguments[1:], stack)
        measure = import_module(f"tests.bench.measure_{name}")
        parser = argparse.ArgumentParser(prog=f"script/bench {name}", description=measure.__doc__)
        measure.options(parser)
        given = parser.parse_args(arguments[1:])
        call_command("migrate", interactive=False, verbosity=0)
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)  # the peers' tables
        figures = measure.measure(given)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _set_up(name: str, arguments: list[str], stack: ExitStack) -> None:
    """The services, and Django on them. Nothing is started for `--help`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["VAR_DIR"] = str(VAR)
    os.environ.pop("REDIS_URL", None)
    os.environ.pop("DATABASE_URL", None)
    if not {"-h", "--help"} & set(arguments):
        url = stack.enter_context(services.running_postgresql(VAR, services.DURABLE))
        os.environ["DATABASE_URL"] = url
        if name in WITH_REDIS:
            os.environ["REDIS_URL"] = stack.enter_context(services.running_redis(VAR))
    django.setup()
    get_resolver().url_patterns  # viewflow gives its nodes their addresses here  # noqa: B018


def _stop(_signal, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before the end.\n")
        sys.exit(130)
