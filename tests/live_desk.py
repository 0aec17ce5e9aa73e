"""The desk with sockets: the real web server in a thread, which can be stopped and started again."""

import time
from threading import Thread

import uvicorn
from channels.routing import ProtocolTypeRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.utils.module_loading import import_string

from core.desk.serving import SOCKETS
from tests.services import free_port


class LiveDesk:
    def __init__(self) -> None:
        application = import_string("core.asgi.application")
        parts = application.application_mapping
        self.application = ProtocolTypeRouter(parts | {"http": ASGIStaticFilesHandler(parts["http"])})
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = uvicorn.Server(
            uvicorn.Config(
                self.application, port=self.port, lifespan="off", log_level="warning",
                timeout_graceful_shutdown=1, **SOCKETS,
            )
        )  # fmt: skip
        self.thread = Thread(target=self.server.run, daemon=True)
        self.thread.start()
        self._wait(lambda: self.server.started)

    def stop(self) -> None:
        self.server.should_exit = True
        self._wait(lambda: not self.thread.is_alive())

    def _wait(self, true) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.02)
