"""Two server processes, PostgreSQL and Redis, as a real county has it."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, closing

import pytest
from django.conf import settings as project
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core.desk.serving import SOCKETS
from tests import county as small
from tests.services import free_port
from tests.workflows.ears import session_of
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs

pytestmark = [
    pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline"),
]  # fmt: skip

RUN = (
    "import sys, json, uvicorn;"
    "uvicorn.run('core.asgi:application', port=int(sys.argv[1]), lifespan='off',"
    " log_level='warning', **json.loads(sys.argv[2]))"
)


class Server:
    """A process that serves the test's own database."""

    def __init__(self, var) -> None:
        self.var, self.port = var, free_port()
        self.start()

    def start(self) -> None:
        at = connection.settings_dict
        url = f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        env = {"DATABASE_URL": url, "VAR_DIR": str(self.var), "SECRET_KEY": project.SECRET_KEY}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(self.port), json.dumps(SOCKETS)],
            env=os.environ | env | {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "core.settings"},
            cwd=project.BASE_DIR,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def page(self, user) -> "Page":
        """A page of this server, once it answers."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return Page(self, user)
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None
                time.sleep(0.1)


class Page:
    def __init__(self, server, user, since=None) -> None:
        here = f"127.0.0.1:{server.port}"
        cookie = f"{project.SESSION_COOKIE_NAME}={session_of(user)}"
        opening = connect(
            f"ws://{here}/ws/", origin=f"http://{here}", additional_headers={"Cookie": cookie},
            open_timeout=20,
        )  # fmt: skip
        self.opened = ExitStack()
        self.socket = self.opened.enter_context(opening)
        self.answer = self.ask({"since": since})

    def say(self, message) -> None:
        self.socket.send(json.dumps(message))

    def hear(self) -> dict:
        return json.loads(self.socket.recv(20))

    def ask(self, message) -> dict:
        self.say(message)
        return self.hear()

    def close(self) -> None:
        self.opened.close()


@pytest.fixture
def servers(transactional_db, inline, tmp_path):
    with ExitStack() as stack:
        both = [Server(tmp_path), Server(tmp_path)]
        for server in both:
            stack.callback(server.kill)
        yield both


@pytest.fixture
def task(county):
    small.union(county.tea)
    asked = propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="U.")
    return at_hand(asked)


def test_pages_of_both_processes_hear_and_a_killed_one_misses_nothing(servers, county, task):
    one, two = servers[0].page(county.wang_fang), servers[1].page(county.zhou_tao)
    with closing(two):
        verbs.claim(task, by=county.wang_fang)
        heard = one.hear()
        assert heard["what"] == two.hear()["what"] == "taken"
        servers[0].kill()
        handing.release(task, by=county.wang_fang)
        verbs.claim(task, by=county.wang_fang)
        assert [two.hear()["what"] for _n in range(2)] == ["released", "taken"]
        servers[0].start()
        again = servers[0].page(county.wang_fang)
        with closing(again):
            missed = again.ask({"since": heard["n"]})["missed"]
            assert [word["what"] for word in missed] == ["released", "taken"]
            handing.release(task, by=county.wang_fang)
            assert again.hear()["what"] == two.hear()["what"] == "released"
            two.say({"open": task.pk})
            again.say({"open": task.pk})
            assert two.hear()["who"] == ["Wang Fang"]
            assert again.hear()["who"] == ["Zhou Tao"]  # from one process to the other


def test_ten_megabytes_close_their_socket_and_the_server_lives(servers, county, task):
    page, other = servers[0].page(county.wang_fang), servers[0].page(county.zhou_tao)
    with closing(other):
        with pytest.raises(ConnectionClosed) as closed:
            page.socket.send("x" * 10_000_000)
            page.socket.recv(20)
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009  # or cut off while we send
        binary = servers[0].page(county.wang_fang)
        with closing(binary):
            binary.socket.send(os.urandom(2000))
            assert binary.hear() == {"error": "not understood"}
        verbs.claim(task, by=county.wang_fang)
        assert other.hear()["what"] == "taken"
        assert servers[0].process.poll() is None
