"""The dashboard, coverage by township and the figures of past days, over a million firms.

`dashboard_ms` is the time of all statements that the dashboard sends, `townships_ms` those of the
page of figures with its table by township; both warm, the median of the rounds, session and account
among them. `dashboard_ratio_count` is the dearer of the two against one indexed count of the same
firms, measured in turn with it. `touched_ms` is the dashboard when one firm changed just before.
`asof_s` counts every figure of a past day anew, the slowest of the days; `asof_stages_s` the firms by
stage and township alone. `kept_s` is what counting everything for the first time takes.
"""

import statistics
import time
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from core.desk.serving import set_up
from core.figures import keeping, trend
from core.figures.facts import BY
from core.figures.kept import FirmFacts, Tally
from core.figures.ledger import Ledger
from core.ledger.models import Firm
from core.ledger.spells import Spell
from core.planner import count_anew
from tests.bench.figures_seed import COUNTY, seed
from tests.bench.say import say, spread
from tests.bench.serving import cookie_of

SLOW = 2  # ms: a statement that takes longer is worth a look
DAYS = (30, 400, 1500, 3000)  # ago


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--towns", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--list", action="store_true", help="print the slow statements of each page")


class Clock:
    """The milliseconds that statements took in the block, fetching included as far as it is done."""

    def __init__(self):
        self.ms, self.slow = 0.0, []

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - began) * 1000
            self.ms += took
            if took > SLOW:
                self.slow.append((took, sql))


@contextmanager
def clock():
    told = Clock()
    with connection.execute_wrapper(told):
        yield told


def measure(given) -> dict:
    set_up(say)
    user, on = seed(given.firms, given.towns, say), timezone.localdate()
    kept_s = _timed(lambda: keeping.keep(on))
    trend.make(trend.month_ends(on))
    count_anew(FirmFacts, Tally)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM core_tally, core_firm, core_spell")
    browser = Client()
    browser.cookies["sessionid"] = cookie_of(user)
    pages = {"dashboard": [], "townships": [], "touched": []}
    counts = []
    for _ in range(given.rounds + 3):
        counts.append(_count())
        pages["dashboard"].append(_page(browser, "/dashboard/"))
        pages["townships"].append(_page(browser, "/figures/"))
        Firm.objects.filter(area=f"{COUNTY}100000", pk=given.towns).update(employees=len(counts))
        pages["touched"].append(_page(browser, "/dashboard/"))
    if given.list:
        for path in ("/dashboard/", "/figures/"):
            with clock() as told:
                browser.get(path)
            for took, sql in sorted(told.slow, reverse=True):
                say(f"{path} {took:.1f} ms {sql[:1500]}")
    medians = {name: statistics.median(told[3:]) for name, told in pages.items()}
    for name, told in {"count": counts, **pages}.items():
        say(f"{name:<10} {spread(told[3:])}")
    count_ms = statistics.median(counts[3:])
    past = {ago: _as_of(user, on - timedelta(days=ago)) for ago in DAYS}
    for ago, (whole, stages) in past.items():
        say(f"as of {ago} days ago: {whole:.2f} s, stages by township {stages:.2f} s")
    return {
        "dashboard_ms": round(medians["dashboard"], 1), "townships_ms": round(medians["townships"], 1),
        "dashboard_ratio_count": round(max(medians["dashboard"], medians["townships"]) / count_ms, 2),
        "count_ms": round(count_ms, 1), "touched_ms": round(medians["touched"], 1),
        "asof_s": round(max(whole for whole, _stages in past.values()), 2),
        "asof_stages_s": round(max(stages for _whole, stages in past.values()), 2),
        "kept_s": round(kept_s, 1),
    }  # fmt: skip


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _count() -> float:
    with clock() as told:
        Firm.objects.filter(area__gte=COUNTY, area__lt=str(int(COUNTY) + 1)).count()
    return told.ms


def _page(browser, path: str) -> float:
    with clock() as told:
        answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return told.ms


def _as_of(user, day) -> tuple[float, float]:
    rows = Spell.objects.visible_to(user).on(day).counted().order_by()
    stages = rows.annotate(town=BY["town"]).values("town", "stage").annotate(firms=Count("pk"))
    whole = min(_timed(lambda: Ledger(user, day, past=True).groups) for _ in range(2))
    return whole, min(_timed(lambda: list(stages.all())) for _ in range(2))
