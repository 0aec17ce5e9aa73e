"""The lists of the inbox with 1,000, 100,000 and 1,000,000 open tasks, each in a database of its
own and with a server of its own; the sizes are asked in turn, so that all feel the same weather.

`ms_1m` is the slowest median of a page at the largest size through the whole stack (a kept
connection, uvicorn, session, middleware, PostgreSQL, HTML), `ratio_1m_1k` the worst ratio of a page
between largest and smallest, `statements` the most that a page sends, `html_kb` the largest page,
uncompressed. Statements are what Django sends through its cursors, session and account among them.
"""

import cProfile
import os
import pstats
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.test import Client

from core.desk.serving import set_up
from tests.bench.say import Statements, listening, say, spread
from tests.bench.seed import seed
from tests.bench.serving import Browser, cookie_of, resident, serving, worked
from workflows.engine.models import Task
from workflows.inbox import lists

PAGES = (
    "/tasks/", "/tasks/queue/", "/tasks/put-off/", "/tasks/waiting/", "/tasks/done/",
    "/tasks/left-behind/",
)  # fmt: skip
SUPERVISORS_ONLY = ("/tasks/left-behind/",)
WARM_UP = 5
SLOW = 1000  # ms: a page that takes longer is asked fewer times
TIMES_WHEN_SLOW = 5


@dataclass
class Desk:
    """One size: its database, its server, the three people with their browsers."""

    size: int
    database: str
    people: dict
    port: int = 0
    process: object = None

    def use(self) -> None:
        """From here on this process asks that database."""
        connection.close()
        connection.settings_dict["NAME"] = self.database


def options(parser) -> None:
    parser.add_argument("--sizes", default="1000,100000,1000000", help="open tasks, rising")
    parser.add_argument("--rounds", type=int, default=30, help="of each page, after warming up")
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--list", action="store_true", help="print the statements of each page")
    parser.add_argument("--profile", action="store_true", help="where Python spends its time")
    parser.add_argument("--plans", type=int, default=0, help="explain statements slower than this (ms)")


def measure(given) -> dict:
    sizes, pages = [int(n) for n in given.sizes.split(",")], given.pages.split(",")
    set_up(say)
    url = os.environ["DATABASE_URL"]
    with ExitStack() as stack:
        desks = [_desk(size, url) for size in sizes]
        for desk in desks:
            _count_lists(desk)
        statements = _statements(desks, pages, given)
        if given.profile:
            _profile(desks[0], pages)
        for desk in desks:
            there = url.rpartition("/")[0] + f"/{desk.database}"
            desk.port, desk.process = stack.enter_context(serving(DATABASE_URL=there))
        middles, heaviest = _ask(desks, pages, given.rounds)
    return {
        "ratio_1m_1k": round(max(m[-1] / m[0] for m in middles.values()), 2),
        "ms_1m": round(max(m[-1] for m in middles.values()), 1),
        "statements": statements,
        "html_kb": round(heaviest, 1),
    }


def _desk(size: int, url: str) -> Desk:
    """A seeded database, a copy of the empty one."""
    name = f"desk_{size}"
    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with psycopg.connect(url.rpartition("/")[0] + "/template1", autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    began = time.monotonic()
    desk = Desk(size, name, {})
    desk.use()
    desk.people = dict(zip(("instructor", "township", "county"), seed(size), strict=True))
    if (there := Task.objects.human().open().count()) != size:
        raise RuntimeError(f"{there} open tasks were seeded, not {size}.")
    say(f"{size:,} open tasks seeded in {time.monotonic() - began:.0f} s")
    return desk


def _count_lists(desk: Desk) -> None:
    desk.use()
    for role, user in desk.people.items():
        rows = Task.objects
        rows_of = {
            "sees": rows.visible_to(user).open(), "mine": rows.mine(user), "queue": rows.queue(user),
            "waiting": lists.waiting(user)[0], "done": rows.done_by(user),
        }  # fmt: skip
        counts = " · ".join(f"{name} {found.count():,}" for name, found in rows_of.items())
        say(f"  {desk.size:>9,} {role:<11} {counts}")


def _visits(desk: Desk, pages: list[str]):
    """Who is measured on which page."""
    for role in desk.people:
        for page in pages:
            if role != "instructor" or page not in SUPERVISORS_ONLY:
                yield role, page


def _statements(desks: list[Desk], pages: list[str], given) -> int:
    """The most statements of a page; says where sizes differ."""
    say("\nStatements of a page, size by size (the second visit)")
    most = 0
    counted: dict = {}
    for desk in desks:
        desk.use()
        for role, page in _visits(desk, pages):
            client = Client()
            client.force_login(desk.people[role])
            client.get(page)
            with listening() as heard:
                client.get(page)
            counted.setdefault((role, page), []).append(len(heard))
            most = max(most, len(heard))
            if desk is desks[-1]:
                _look_closer(role, page, client, heard, given)
    for (role, page), numbers in counted.items():
        differs = "" if len(set(numbers)) == 1 else "  ← differs"
        say(f"  {role:<11} {page:<20} {' '.join(map(str, numbers))}{differs}")
    return most


def _profile(desk: Desk, pages: list[str]) -> None:
    """Thirty visits of the county supervisor's first page, in this process."""
    desk.use()
    client = Client()
    client.force_login(desk.people["county"])
    client.get(pages[0])
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(30):
        client.get(pages[0])
    profile.disable()
    shown = pstats.Stats(profile, stream=sys.stdout)
    shown.sort_stats("cumulative").print_stats(70)
    shown.sort_stats("tottime").print_stats(25)


def _look_closer(role, page, client, heard: Statements, given) -> None:
    if given.list:
        say(f"\n── {role} {page}: {len(heard)}")
        for _kind, sql in heard:
            say(f"   {sql}")
    if given.plans:
        slow = []

        def explain(execute, sql, params, many, context):
            began = time.perf_counter()
            answer = execute(sql, params, many, context)
            took = 1000 * (time.perf_counter() - began)
            if took > given.plans and sql.startswith("SELECT"):
                slow.append((took, sql, params))
            return answer

        with connection.execute_wrapper(explain):
            client.get(page)
        for took, sql, params in slow:
            say(f"\n── {role} {page}: {took:.0f} ms\n{sql}")
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                say("\n".join(line for (line,) in cursor.fetchall()))


def _ask(desks: list[Desk], pages: list[str], rounds: int) -> tuple[dict, float]:
    """The median milliseconds of each page at each size, and the largest page in KB."""
    before, sessions = [resident(desk.process) for desk in desks], _sessions()
    browsers, visits = {}, 0
    for desk in desks:
        desk.use()
        for role, user in desk.people.items():
            browsers[desk.size, role] = Browser(desk.port, cookie_of(user))
    connection.close()
    middles, heaviest = {}, 0.0
    say("\nThrough the whole stack")
    for role, page in _visits(desks[0], pages):
        asked = [browsers[desk.size, role] for desk in desks]
        work = [worked(desk.process) for desk in desks]
        took, kilobytes = _in_turn(asked, page, rounds)
        asked_for = len(took[0]) + WARM_UP
        work = [(worked(d.process) - was) / asked_for for d, was in zip(desks, work, strict=True)]
        heaviest = max(heaviest, *kilobytes)
        visits += sum(map(len, took)) + WARM_UP * len(desks)
        middles[role, page] = [statistics.median(times) for times in took]
        for desk, times, size, own in zip(desks, took, kilobytes, work, strict=True):
            name = f"{role:<11} {page:<20} {desk.size:>9,}"
            say(f"  {name}  {spread(times)} · python {own:.0f} ms · {size:.1f} KB")
    after = [resident(desk.process) for desk in desks]
    for desk, was, now in zip(desks, before, after, strict=True):
        say(f"  memory of the server at {desk.size:>9,}: {was:.0f} MB before, {now:.0f} MB after")
    opened = (_sessions() - sessions) / visits
    say(f"  about {opened:.1f} new connections to the database for each visit")
    return middles, heaviest


def _sessions() -> int:
    """How many connections to the databases were ever opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(sessions) FROM pg_stat_database WHERE datname LIKE 'desk%'")
        return int(cursor.fetchone()[0])


def _in_turn(browsers: list[Browser], page: str, rounds: int) -> tuple[list, list[float]]:
    """Milliseconds of each visit, and the size of the page in KB, for each browser."""
    took, kilobytes = [[] for _ in browsers], [0.0 for _ in browsers]
    slowest = 0.0
    for _ in range(WARM_UP):
        slowest = max(slowest, *(browser.get(page)[0] for browser in browsers))
    for _ in range(rounds if slowest < SLOW else TIMES_WHEN_SLOW):
        for i, browser in enumerate(browsers):
            ms, content = browser.get(page)
            took[i].append(ms)
            kilobytes[i] = len(content) / 1024
    return took, kilobytes
