"""What the inbox page weighs on the wire, and what Lighthouse says of it.

Cold: everything that a browser without any memory is sent for a township supervisor's list, as
compressed, with heads; warm: the same page once more in the same browser. In KB of 1,024 bytes, as
Chromium counts what arrives. With `--lighthouse` the signed-in page is also judged by Lighthouse
(an npm package, kept in var/tools; Node is no part of the product), for a phone and for a desk;
the figures are the lower of the two, of 100.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from django.conf import settings
from playwright.sync_api import sync_playwright

from core.desk.serving import set_up
from tests.bench.say import say
from tests.bench.seed import seed
from tests.bench.serving import cookie_of, serving
from tests.services import chromium

PAGE = "/tasks/queue/"
PACKAGE = "lighthouse@12"  # the newest that runs on Node 20
TOOLS = Path(__file__).resolve().parents[2] / "var" / "tools"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CATEGORIES = ("performance", "accessibility", "best-practices")


def options(parser) -> None:
    parser.add_argument("--lighthouse", action="store_true", help="install and ask Lighthouse too")
    parser.add_argument("--page", default=PAGE)


def measure(given) -> dict:
    set_up(say)
    _instructor, township, _county = seed(1000)
    cookie = cookie_of(township)
    with serving() as (port, _process):
        url = f"http://127.0.0.1:{port}{given.page}"
        cold, warm = _weigh(url, cookie)
        figures = {"cold_kb": round(cold, 1), "warm_kb": round(warm, 1)}
        if given.lighthouse:
            figures |= _lighthouse(url, cookie)
    return figures


def _weigh(url: str, cookie: str) -> tuple[float, float]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(locale="zh-CN")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        arrived, names = Counter(), {}
        wire.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]}))
        wire.on(
            "Network.loadingFinished",
            lambda e: arrived.update({e["requestId"]: e["encodedDataLength"]}),
        )
        weights = []
        for visit in ("cold", "warm"):
            arrived.clear()
            page.goto(url, wait_until="networkidle")
            page.wait_for_timeout(500)
            _list(visit, arrived, names)
            weights.append(sum(arrived.values()) / 1024)
        browser.close()
    return weights[0], weights[1]


def _list(visit: str, arrived: Counter, names: dict) -> None:
    say(f"\n{visit}: {sum(arrived.values()) / 1024:.1f} KB")
    for request, size in arrived.most_common():
        answer = names.get(request, {})
        packed = {k.lower(): v for k, v in answer.get("headers", {}).items()}.get(
            "content-encoding", ""
        )
        say(f"  {size / 1024:>8.1f} KB  {packed:<5} {answer.get('url', request)[:110]}")


def _lighthouse(url: str, cookie: str) -> dict:
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("Lighthouse needs Node with npm.")
        say(f"\nInstalling {PACKAGE} into {TOOLS} …")
        TOOLS.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--prefix", str(TOOLS), "--no-audit", "--no-fund", "--loglevel=error",
             f"--cache={TOOLS / 'npm'}", PACKAGE], check=True,
        )  # fmt: skip
    heads = TOOLS / "heads.json"
    heads.write_text(json.dumps({"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}))
    judged = [_judge(program, url, heads, kind) for kind in ("phone", "desk")]
    return {name.replace("-", "_"): min(said[name] for said in judged) for name in CATEGORIES}


def _judge(program: Path, url: str, heads: Path, kind: str) -> dict:
    report = TOOLS / f"lighthouse-{kind}.json"
    subprocess.run(
        [program, url, "--output=json", f"--output-path={report}", f"--extra-headers={heads}",
         f"--only-categories={','.join(CATEGORIES)}", "--quiet", "--disable-full-page-screenshot",
         f"--chrome-flags={' '.join(FLAGS)}", *(["--preset=desktop"] if kind == "desk" else [])],
        check=True, env=os.environ | {"CHROME_PATH": chromium()},
    )  # fmt: skip
    said = json.loads(report.read_text())
    marks = {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}
    say(f"\nLighthouse, {kind}: " + " · ".join(f"{name} {mark}" for name, mark in marks.items()))
    for name in CATEGORIES:
        for reference in said["categories"][name]["auditRefs"]:
            audit = said["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                say(f"  {name}: {audit['title']} {audit.get('displayValue', '')}")
    return marks
