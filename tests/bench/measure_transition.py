"""The full approved transition "found a branch of its own", four ways in one run, in turn.

Counted as six commits: start, prepare, claim by the township, township approves, claim by the
county, county approves and it is applied. Stock Viewflow, plain Django and raw psycopg make these
six. Ours makes the same way in five acts, each its own transaction: proposing is start and prepare
in one, because the reason and the files come with the proposal; applying happens inside the county's
decision, as in the others. Not counted for anybody: the person's own row (a request has it) and the
number of the task (the address has it). Counted for all: loading the task by that number.

`statements` is what Django sends for ours through its cursors, SAVEPOINTs among them, BEGIN and
COMMIT not. The ratios are between medians over the whole way; nobody counts statements meanwhile.
"""

import cProfile
import gc
import os
import pstats
import statistics
import sys
import time
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from core.accounts.verbs import Role
from core.audit.record import record
from core.ledger.models import Firm
from core.ledger.names import searchable
from core.people.models import Assignment, Member
from tests import county as small_county
from tests.bench.peers import plain, stock
from tests.bench.peers.models import Case, Request, StageLog
from tests.bench.peers.raw import Raw
from tests.bench.say import listening, part, say, spread, table
from workflows.coverage.acts import decide, propose
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.models import Task
from workflows.engine.verbs import claim

FIRMS_OF_ONE = 8  # how many firms an instructor guides
WARM_UP = 10
DAY = timezone.localdate


def options(parser) -> None:
    parser.add_argument("--lifecycles", type=int, default=150, help="of each way")
    parser.add_argument("--list", action="store_true", help="print every statement of ours")
    parser.add_argument("--profile", action="store_true", help="print where ours spends its time")


def measure(given) -> dict:
    people = small_county.build()
    ways = _ways(people, WARM_UP + given.lifecycles + 20)
    for way in ways.values():
        for _ in range(WARM_UP):
            _walk(next(way))
    counted = {name: _count(next(way)) for name, way in ways.items() if name != "raw"}
    _show_statements(counted, given.list)
    took = _in_turn(ways, given.lifecycles)
    if given.profile:
        _profile(ways["ours"])
    _check(people)
    middle = {name: statistics.median(times) for name, times in took.items()}
    return {
        "statements": sum(map(len, counted["ours"].values())),
        "ratio_raw": round(middle["ours"] / middle["raw"], 2),
        "ratio_plain": round(middle["ours"] / middle["plain"], 2),
        "ratio_stock": round(middle["ours"] / middle["stock"], 2),
    }


# ── the four ways: each a generator of walks, a walk a generator of (name of the act, the act) ──
def _ways(people, count: int) -> dict:
    firms = _firms(people, count)
    cases = [Case(name=f"Firm {n}", area=small_county.EAST) for n in range(3 * count)]
    pks = iter([case.pk for case in Case.objects.bulk_create(cases)])
    raw = Raw(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "ours": (_ours(firm, people) for firm in firms),
        "stock": (_six(stock, pk, people) for pk in pks),
        "plain": (_six(plain, pk, people) for pk in pks),
        "raw": (_by_hand(raw, pk, people) for pk in pks),
    }


def _ours(firm, people):
    user = firm.guide
    made = []
    yield "propose", lambda: made.append(
        propose(
            firm, "stand_alone", by=user, on=DAY(), reason="Three full members work here.",
            branch_name=f"Branch of {firm.name}",
        )
    )  # fmt: skip
    for who, level in ((people.wang_fang, "township"), (people.zhou_tao, "county")):
        pk = Task.objects.human().open().values_list("pk", flat=True).get(process_id=made[0].pk)
        yield f"{level} claims", lambda pk=pk, who=who: claim(_seen(pk, who), by=who)
        yield (
            f"{level} approves",
            lambda pk=pk, who=who: decide(
                _seen(pk, who), Opinion.Decision.APPROVE, by=who, at=timezone.now(), comment="Agreed."
            ),
        )


def _seen(pk, user) -> Task:
    """As the task's page finds it."""
    return Task.objects.seen(pk, user)


def _six(peer, pk, people):
    made, user = [], people.li_ming
    yield "start", lambda: made.append(peer.start(Case.objects.get(pk=pk), user))
    steps = (
        (None, user, {"evidence": "Three full members work here."}),
        ("township", people.wang_fang, {"township_decision": "approve", "township_note": "Agreed."}),
        ("county", people.zhou_tao, {"county_decision": "approve", "county_note": "Agreed."}),
    )
    for level, who, words in steps:
        task = peer.open_task(made[0])
        if level:
            yield f"{level} claims", lambda t=task, who=who: peer.take(t, who)
        name = f"{level} approves" if level else "prepare"
        yield name, lambda t=task, who=who, words=words: peer.answer(t, who, **words)


def _by_hand(raw, case, people):
    task = []
    user = people.li_ming.pk
    yield "start", lambda: task.append(raw.start(case, user))
    words = "Three full members work here."
    yield "prepare", lambda: task.append(raw.answer(task[-1], user, "evidence", words, case))
    for level, who in (("township", people.wang_fang.pk), ("county", people.zhou_tao.pk)):
        yield f"{level} claims", lambda who=who: raw.take(task[-1], who)
        yield (
            f"{level} approves",
            lambda who=who, field=f"{level}_decision": task.append(
                raw.answer(task[-1], who, field, "approve", case)
            ),
        )


def _firms(people, count: int) -> list[Firm]:
    """Firms that may have a branch of their own, with three full members each, eight of them to
    an instructor with an account."""
    start = DAY() - timedelta(days=365)
    rows = []
    for n in range(count):
        name = f"Qinghe Valve Works {n}"
        pinyin, initials = searchable(name)
        rows.append(
            Firm(
                name=name, pinyin=pinyin, initials=initials, county=small_county.COUNTY,
                area=small_county.EAST, credit_code=small_county.credit_code(1000 + n), industry="C",
                size="medium", employees=80, opened_on=start, stage_since=start, stage="work_covered",
            )
        )  # fmt: skip
    firms = Firm.objects.bulk_create(rows)
    guides = [
        small_county.instructor(
            f"Guide {n}", user=small_county.person(f"guide{n}", Role.INSTRUCTOR, small_county.EAST)
        )
        for n in range(-(-count // FIRMS_OF_ONE))
    ]
    given = {"county": small_county.COUNTY, "since": start}
    pairs = [(firm, guides[n // FIRMS_OF_ONE]) for n, firm in enumerate(firms)]
    Assignment.objects.bulk_create(Assignment(firm=f, instructor=g, **given) for f, g in pairs)
    Member.objects.bulk_create(
        Member(firm=firm, name=f"Member {n}", kind=Member.Kind.FULL, **given)
        for firm in firms
        for n in range(3)
    )
    for firm, guide in pairs:
        firm.guide = guide.user
        record("firm.registered", by=guide.user, firm=firm, firm_name=firm.name)
    return firms


# ── walking ────────────────────────────────────────────────────────────────────────────────────
def _walk(acts) -> dict[str, tuple[float, float]]:
    """Milliseconds of each act: by the clock, and of this process's own work."""
    took = {}
    for name, act in acts:
        worked, began = time.process_time(), time.perf_counter()
        act()
        took[name] = tuple(
            1000 * seconds for seconds in (time.perf_counter() - began, time.process_time() - worked)
        )
    return took


def _count(acts) -> dict:
    heard = {}
    for name, act in acts:
        with listening() as heard[name]:
            act()
    return heard


def _in_turn(ways: dict, count: int) -> dict[str, list[float]]:
    """One lifecycle of each way after the other, so that all feel the same weather."""
    whole, work, acts = {n: [] for n in ways}, {n: [] for n in ways}, {n: [] for n in ways}
    gc.collect()
    for _ in range(count):
        for name, way in ways.items():
            took = _walk(next(way))
            acts[name].append(took)
            whole[name].append(sum(clock for clock, _work in took.values()))
            work[name].append(sum(work for _clock, work in took.values()))
    say(f"\nA whole transition, {count} of each in turn (python: this process's own work, median)")
    for name, times in whole.items():
        say(f"  {name:<6} {spread(times)} · python {part(work[name], 0.5):.1f} ms")
    say("\nAct by act, medians in ms")
    for name in ways:
        middles = {act: part([took[act][0] for took in acts[name]], 0.5) for act in acts[name][0]}
        say(f"  {name:<6} " + " · ".join(f"{act} {ms:.1f}" for act, ms in middles.items()))
    return whole


def _show_statements(counted: dict, every: bool) -> None:
    for name, heard in counted.items():
        say(f"\nStatements: {name}")
        table(heard)
    if every:
        for act, statements in counted["ours"].items():
            say(f"\n── {act}: {len(statements)}")
            for number, (_kind, sql) in enumerate(statements, 1):
                say(f"{number:>3} {sql}")


def _profile(way) -> None:
    walks = [next(way) for _ in range(10)]
    profile = cProfile.Profile()
    for acts in walks:
        for _name, act in acts:
            profile.enable()
            act()
            profile.disable()
    shown = pstats.Stats(profile, stream=sys.stdout)
    say("\nTen transitions of ours under the profiler")
    shown.sort_stats("cumulative").print_stats(r"(core|workflows|viewflow)/", 45)
    shown.sort_stats("tottime").print_stats(25)


def _check(people) -> None:
    """Everybody did all of it, or the figures mean nothing."""
    ours = TransitionRequest.objects.filter(outcome="approved").count()
    moved = Firm.objects.filter(stage="standalone", branch__isnull=False).count()
    theirs = Case.objects.filter(stage="standalone").count()
    approved = Request.objects.filter(outcome="approved").count()
    logged = StageLog.objects.filter(by=people.zhou_tao).count()
    undone = Request.objects.exclude(outcome="approved").count()
    if not (ours == moved > 0 and theirs == approved == logged > 0 and undone == 0):
        raise SystemExit(f"Not all was done: {ours=} {moved=} {theirs=} {approved=} {logged=}")
