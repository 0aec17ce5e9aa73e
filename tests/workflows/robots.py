"""A chat maker's server as tests need it: takes messages, or hangs, fails, leads elsewhere."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

from core.accounts.verbs import Role
from core.audit.record import record
from tests import county as small
from workflows.mailroom import acts
from workflows.mailroom.models import Robot
from workflows.notices.tell import tell

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(minutes=10)  # when the window of what happened now is over
MINUTE = timedelta(minutes=1)


def office(county, at: "Maker", **given) -> Robot:
    """A WeCom group of the township office of East, at this server."""
    given = {"name": "East office", "maker": "wecom", "role": Role.TOWNSHIP, "area": small.EAST,
             "url": f"{at.url}/cgi-bin/webhook/send?key=k", "language": "en"} | given  # fmt: skip
    return acts.add_robot(by=county.zheng_guan, **given)


def news(firm, *people, times=1, code="request.returned") -> None:
    """Something happens to a firm, so many times, and these people are told."""
    for _time in range(times):
        event = record(code, by=None, firm=firm, move="stand_alone", task="x")
        tell(event, people=[person.pk for person in people])


class Maker:
    """What was received, and how the server behaves: a status and a body, or "hang" or "drip"."""

    def __init__(self) -> None:
        self.behaves = (200, b'{"errcode":0,"errmsg":"ok"}')
        self.received: list[dict] = []
        self.over = threading.Event()  # lets hanging answers go at the end
        self.cut_off = threading.Event()  # the other end hung up in the middle of an answer
        self.url = ""

    def says(self) -> list[dict]:
        return [json.loads(each["body"]) for each in self.received]


class _Handler(BaseHTTPRequestHandler):
    maker: Maker

    def do_POST(self):
        maker = self.maker
        body = self.rfile.read(int(self.headers["Content-Length"]))
        maker.received.append(
            {
                "path": self.path,
                "body": body,
                "headers": {k.lower(): v for k, v in self.headers.items()},
            }
        )
        if maker.behaves == "hang":
            maker.over.wait(30)
            return
        if maker.behaves == "drip":
            self._drip(maker)
            return
        status, said = maker.behaves
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _drip(self, maker):
        """A good answer, so slowly that every single read is in time."""
        said = b'{"errcode":0}'.rjust(100)
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        try:
            for byte in said:
                self.wfile.write(bytes([byte]))
                maker.over.wait(0.05)
        except OSError:
            maker.cut_off.set()

    def do_GET(self):
        self.maker.received.append({"path": self.path, "body": b"{}", "headers": {}})
        self.send_error(404)

    def log_message(self, *args):
        """Tests are quiet."""


@contextmanager
def running_maker() -> Iterator[Maker]:
    maker = Maker()
    handler = type("Handler", (_Handler,), {"maker": maker})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    maker.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield maker
    finally:
        maker.over.set()
        server.shutdown()
        server.server_close()
