"""One thread of each process carries what acts left in the outbox to the open pages, so that no
request waits for it and nothing fails because the way to the other processes is shut."""

import asyncio
import logging
import os
import time
from collections import deque
from threading import Event, Lock, Thread
from uuid import uuid4
from weakref import WeakKeyDictionary

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from workflows.live.deliver import Told, deliver, prune

log = logging.getLogger(__name__)

GROUP = "live"  # of processes; a socket is in no group, so no client can name one
PROCESS = uuid4().hex
SHUT = 5  # seconds for which other processes are not tried again after a failure
GATHER = 0.05  # seconds in which what comes is carried together: one at a time, it costs as much each
PATIENCE = 2  # seconds for one message to another process
RETRY = (0.2, 1, 5, 15)  # seconds after which a failed delivery is tried again, the last for ever
WAITING_AT_MOST = 1000  # messages about presence and sign-out that wait for their turn

# By event loop, what has sockets in this process: one hub in a server, none in a worker.
HUBS: WeakKeyDictionary = WeakKeyDictionary()


class Courier:
    """`wake()` after a commit; `post()` for what needs no row. Both return at once."""

    def __init__(self) -> None:
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """A process begins without a thread; one that was forked has none either."""
        self._lock, self._bell = Lock(), Event()
        self._letters: deque[dict] = deque(maxlen=WAITING_AT_MOST)
        self._thread: Thread | None = None
        self._runner: asyncio.Runner | None = None
        self._shut_until = self._failures = 0

    def wake(self) -> None:
        """Something was committed to the outbox."""
        if settings.LIVE_DELIVERY == "inline":
            sweep()
        elif settings.LIVE_DELIVERY == "thread":
            self._ring()

    def post(self, message: dict) -> None:
        """Say something to the pages of all processes that is true for the moment only."""
        self._here(message)
        if not alone():
            self._letters.append(message)
            self._ring()

    def _ring(self) -> None:
        self._bell.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="live-courier", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._bell.wait()
            time.sleep(GATHER)
            self._bell.clear()
            try:
                while self._letters:
                    self._away(self._letters.popleft())
                if settings.LIVE_DELIVERY == "thread":
                    close_old_connections()
                    self._carry()
                    close_old_connections()
                self._failures = 0
            except Error as error:  # the database is away: what is to be said is still in it
                log.warning("live: not delivered yet: %s", error)
                close_old_connections()
                time.sleep(RETRY[min(self._failures, len(RETRY) - 1)])
                self._failures += 1
                self._bell.set()

    def _carry(self) -> None:
        while told := deliver():
            message = letter(told)
            self._here(message)
            self._away(message)

    def _here(self, message: dict) -> None:
        for loop, hub in list(HUBS.items()):
            try:
                loop.call_soon_threadsafe(hub.hear, message)
            except RuntimeError:  # the loop has ended, and its sockets with it
                HUBS.pop(loop, None)

    def _away(self, message: dict) -> None:
        """To the other processes. What does not reach them they find in the database."""
        if alone() or time.monotonic() < self._shut_until:
            return
        if self._runner is None:
            self._runner = asyncio.Runner()
        try:
            self._runner.run(_send(message))
        except Exception as error:  # each way of being away has its own class
            log.warning("live: other processes are not reached: %r", error)
            self._shut_until = time.monotonic() + SHUT


def letter(told: Told) -> dict:
    """In a form that every layer carries: user ids are no keys of JSON."""
    return {"told": [[who, said] for who, said in told.items()]}


async def _send(message: dict) -> None:
    sealed = {"type": "live", "from": PROCESS, "message": message}
    await asyncio.wait_for(get_channel_layer().group_send(GROUP, sealed), PATIENCE)


def alone() -> bool:
    """Whether the layer reaches no other process."""
    return isinstance(get_channel_layer(), InMemoryChannelLayer)


COURIER = Courier()


def sweep() -> None:
    """Scheduled: carry what a killed process left behind, and forget what is old."""
    while told := deliver():
        COURIER.post(letter(told))
    prune(timezone.now())
