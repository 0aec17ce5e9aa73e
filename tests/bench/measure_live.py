"""500 open pages on two server processes, 20 changes a second for 30 seconds, through Redis.

The changes are real acts (take, give back, return for correction) in a third process, so that
every message goes through Redis; the pages are websockets in a fourth. In the middle one server
is killed outright and started again; its pages come back by themselves and say how far they heard.

`missed` counts what somebody who may see a change was not told, after catching up; `leaked` what
somebody was told who may not see it, or was told twice. Who may see is asked of the product's own
`visible_to`, not of what delivers. `p95_ms` is from the commit to the page, without what was
caught up after the kill.
"""

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import cycle

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import Role
from core.desk.serving import set_up
from tests.bench.say import part, say, spread
from tests.bench.seed import seed
from tests.bench.serving import cookie_of, resident, start, stop
from tests.services import free_port
from workflows.coverage.acts import decide
from workflows.coverage.models import Opinion
from workflows.engine.changes import WHEN_CHANGED
from workflows.engine.handing import release
from workflows.engine.models import Task
from workflows.engine.verbs import claim

OPEN_TASKS = 4000
WITH_TWO = 20  # people who have the desk open twice, once on each server
RETURN_EVERY = 5  # one act in five is a decision; the others take and give back
SETTLE = 8.0  # seconds after the last act, in which everything has to have come


@dataclass
class Done:
    """What was committed, as (what, task, moment)."""

    changes: list = field(default_factory=list)
    late: float = 0.0  # seconds by which the acts fell behind their pace, at the worst

    def follow(self, changes, events) -> None:
        """Called inside the act's transaction; the moment is that of the commit."""
        words = [(what, change.task.pk) for change in changes for what in change.what]
        transaction.on_commit(lambda: self.changes.extend((*word, time.monotonic()) for word in words))


def options(parser) -> None:
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rate", type=float, default=20, help="changes a second")
    parser.add_argument("--no-kill", action="store_true", help="leave both servers alone")


def measure(given) -> dict:
    set_up(say)
    seed(OPEN_TASKS)
    people = _people(given.sockets)
    ports = [free_port(), free_port()]
    servers = [start(port) for port in ports]
    try:
        pages = _pages(people, ports)
        heard, done = _listen(pages, ports, servers, given)
        for port, server in zip(ports, servers, strict=True):
            say(f"  memory of the server at {port}: {resident(server):.0f} MB")
    finally:
        for server in servers:
            stop(server)
    return _judge([user for user, _port, _cookie in pages], heard, done)


def _people(sockets: int) -> list[User]:
    """Of every role and place: those who see much first, then instructors."""
    order = {Role.COUNTY: 0, Role.LINE: 1, Role.TOWNSHIP: 2, Role.INSTRUCTOR: 3}
    known = User.objects.filter(is_active=True).order_by("pk")
    return sorted(known, key=lambda user: order[user.role])[: sockets - WITH_TWO]


def _pages(people: list[User], ports: list[int]) -> list[tuple]:
    """(person, port, cookie): half of the sockets on each server."""
    cookies = {user.pk: cookie_of(user) for user in people}
    pages = [(user, port, cookies[user.pk]) for user, port in zip(people, cycle(ports), strict=False)]
    other = dict(zip(ports, reversed(ports), strict=True))
    return pages + [(user, other[port], cookie) for user, port, cookie in pages[-WITH_TWO:]]


def _listen(pages, ports, servers, given):
    """What each page heard, and what was done meanwhile."""
    listeners = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.listeners"], cwd=settings.BASE_DIR, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        spec = [[port, cookie] for _user, port, cookie in pages]
        listeners.stdin.write(json.dumps(spec) + "\n")
        listeners.stdin.flush()
        began = time.monotonic()
        if listeners.stdout.readline().strip() != "ready":
            raise RuntimeError("The sockets did not open.")
        say(f"{len(pages)} sockets open after {time.monotonic() - began:.1f} s")
        done = _act(ports, servers, given)
        time.sleep(SETTLE)
        said, _nothing = listeners.communicate(timeout=120)
    finally:
        if listeners.poll() is None:
            listeners.kill()
        listeners.wait()
    return json.loads(said), done


def _act(ports, servers, given) -> Done:
    """The acts, at their pace; the kill after a third of the time, the new start 2 seconds later."""
    done = Done()
    WHEN_CHANGED.append(done.follow)
    acts = _acts()
    began = time.monotonic()
    kill_at, again_at = given.seconds / 3, given.seconds / 3 + 2
    starting = None
    for number in range(int(given.rate * given.seconds)):
        behind = time.monotonic() - began - number / given.rate
        if behind < 0:
            time.sleep(-behind)
        done.late = max(done.late, behind)
        passed = time.monotonic() - began
        if not given.no_kill and kill_at and passed > kill_at:
            servers[1].kill()
            servers[1].wait()
            kill_at = None
        if not given.no_kill and kill_at is None and starting is None and passed > again_at:
            starting = True
            servers[1] = start(ports[1], wait=False)  # its pages wait for it, the acts do not
        next(acts)()
    passed = time.monotonic() - began
    say(f"{len(done.changes)} changes in {passed:.1f} s, at most {done.late:.1f} s late")
    WHEN_CHANGED.remove(done.follow)
    return done


def _acts():
    """Take, give back, take by another, give back …; one in five is returned for correction."""
    free = Task.objects.filter(status="NEW", owner_permission="desk.review_township")
    waiting = iter(free.order_by("?").values_list("pk", "area"))
    staff = defaultdict(list)
    for user in User.objects.filter(role=Role.TOWNSHIP, is_active=True).order_by("pk"):
        staff[user.area].append(user)
    taken: list[tuple] = []
    for number in range(10**9):
        if number % RETURN_EVERY == 0:
            pk, area = next(waiting)
            yield lambda pk=pk, by=staff[area][0]: decide(
                Task.objects.get(pk=pk), Opinion.Decision.RETURN, by=by, at=timezone.now(),
                comment="Please add the list.",
            )  # fmt: skip
        elif len(taken) < 30:
            pk, area = next(waiting)
            by = staff[area][number % len(staff[area])]
            taken.append((pk, by))
            yield lambda pk=pk, by=by: claim(Task.objects.get(pk=pk), by=by)
        else:
            pk, by = taken.pop(0)
            yield lambda pk=pk, by=by: release(Task.objects.get(pk=pk), by=by)


# ── who heard what ─────────────────────────────────────────────────────────────────────────────
def _judge(users: list[User], heard: list, done: Done) -> dict:
    wanted = defaultdict(list)
    for what, task, moment in done.changes:
        wanted[what, task].append(moment)
    tasks = {task for _what, task in wanted}
    seen = {user.pk: _sees(user, tasks) for user in users}
    missed = leaked = caught = 0
    took = []
    for user, (words, _losses, _resets) in zip(users, heard, strict=True):
        expected = {key: times for key, times in wanted.items() if key[1] in seen[user.pk]}
        said = _by_change(words)
        missed += sum(max(0, len(times) - len(said[key])) for key, times in expected.items())
        leaked += sum(max(0, len(s) - len(expected.get(key, ()))) for key, s in said.items())
        leaked += sum(n - 1 for n in Counter(word[1] for word in words).values())
        caught += sum(word[4] for word in words)
        for key, times in expected.items():
            pairs = zip(times, said[key], strict=False)
            took += [1000 * (at - since) for since, (at, late) in pairs if not late]
    _tell(users, heard, took, caught, sum(len(w) for w, _l, _r in heard))
    return {
        "p95_ms": round(part(took, 0.95), 1), "missed": missed, "leaked": leaked,
        "sockets": len(users),
    }  # fmt: skip


def _by_change(words: list) -> dict:
    """Of one page: when each kind of change of each task was heard, in order."""
    said = defaultdict(list)
    for at, _number, what, task, caught_up in words:
        if task is not None:
            said[what, task].append((at, caught_up))
    return said


def _sees(user: User, tasks: set[int]) -> set[int]:
    return set(Task.objects.visible_to(user).filter(pk__in=tasks).values_list("pk", flat=True))


def _tell(users, heard, took, caught, words) -> None:
    silent = sum(not words for words, _losses, _resets in heard)
    losses = sum(losses for _words, losses, _resets in heard)
    resets = sum(resets for _words, _losses, resets in heard)
    say(f"{words} messages to {len(users) - silent} pages, {silent} pages heard nothing")
    say(f"{losses} sockets were lost and came back; {caught} messages caught up, {resets} began anew")
    say(f"commit to page: {spread(took)} · p95 {part(took, 0.95):.1f} · p99 {part(took, 0.99):.1f} ms")
