"""Where the sockets of one process meet what is said: each hears what is said to its own person.

A message is only a hint. What was said is read from the database when a number is missing, and
every few seconds for all at once, so that a lost message, a Redis that is away or a change made by
the worker costs seconds and never a signal.
"""

import asyncio
import logging
from collections import defaultdict

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import Error

from workflows.live import truth
from workflows.live.courier import COURIER, GROUP, HUBS, PROCESS, alone
from workflows.live.presence import Presence

log = logging.getLogger(__name__)

LOOK = 2  # seconds between two looks at the database, for all sockets of the process at once
LOOKS_A_CHECK = 5  # so many looks from one check of sessions to the next
QUIET = 10  # seconds without a word from Redis, after which it is reminded that we listen
AGAIN = 1  # seconds before a Redis that is away is tried again


def hub_here() -> "Hub":
    """The hub of the running event loop."""
    return HUBS.setdefault(asyncio.get_running_loop(), Hub())


class Hub:
    def __init__(self) -> None:
        self.sockets = defaultdict(set)  # by user id
        self.presence = Presence(COURIER.post)
        self._soon = asyncio.Event()
        self._tasks: list[asyncio.Task] = []
        self._checks: set[asyncio.Task] = set()

    def join(self, socket) -> None:
        self.sockets[socket.person].add(socket)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._keep_looking())]
            if not alone():
                self._tasks.append(asyncio.create_task(self._listen()))

    def leave(self, socket) -> None:
        self.presence.gone(socket)
        self.sockets[socket.person].discard(socket)
        if not self.sockets[socket.person]:
            del self.sockets[socket.person]
        if not self.sockets:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    # ── what is said ──────────────────────────────────────────────────────────────────────────
    def hear(self, message: dict) -> None:
        """In the loop's own thread: what the courier of this or of another process brings."""
        for person, said in message.get("told", ()):
            for socket in list(self.sockets.get(person, ())):
                socket.hear(said)
        if "end" in message:
            person, session = message["end"]
            self._end(s for s in self.sockets.get(person, ()) if s.session == session)
        if "check" in message:
            check = asyncio.create_task(self._check({message["check"]}))
            self._checks.add(check)  # a task that nobody holds may be swept away
            check.add_done_callback(self._checks.discard)
        if "here" in message:
            self.presence.hear(message["here"])

    def _end(self, sockets) -> None:
        for socket in list(sockets):
            socket.end()

    # ── the truth ─────────────────────────────────────────────────────────────────────────────
    def look_soon(self) -> None:
        self._soon.set()

    async def _keep_looking(self) -> None:
        looks = 0
        while True:
            try:
                await asyncio.wait_for(self._soon.wait(), LOOK)
            except TimeoutError:
                looks += 1
            self._soon.clear()
            try:
                await self._look()
                if looks >= LOOKS_A_CHECK:
                    looks = 0
                    await self._check(set(self.sockets))
                    await self.presence.check()
                self.presence.tick()
            except Error as error:
                log.warning("live: the database does not answer: %s", error)

    async def _look(self) -> None:
        """Give every socket what it missed."""
        reached = {
            person: min(known)
            for person, sockets in self.sockets.items()
            if (known := [s.reached for s in sockets if s.reached is not None])
        }
        for person, said in (await database_sync_to_async(_read)(reached)).items():
            for socket in list(self.sockets.get(person, ())):
                socket.catch_up(said)

    async def _check(self, people: set[int]) -> None:
        """Close the sockets of those who are no longer signed in as they were."""
        sockets = [s for person in people for s in self.sockets.get(person, ())]
        if sockets:
            keys = {s.session_key for s in sockets}
            standing = await database_sync_to_async(truth.standing)(people, keys)
            self._end(s for s in sockets if not standing(s))

    # ── the other processes ───────────────────────────────────────────────────────────────────
    async def _listen(self) -> None:
        """Hear the other processes, as long as there are sockets and whenever Redis is there."""
        layer, known = get_channel_layer(), False
        channel = await layer.new_channel(GROUP)
        while True:
            try:
                if not known:
                    await layer.group_add(GROUP, channel)
                letter = await asyncio.wait_for(layer.receive(channel), QUIET)
                known = True
                if letter["from"] != PROCESS:
                    self.hear(letter["message"])
            except TimeoutError:
                known = False  # a Redis that was started anew knows no group
            except Exception as error:  # each way of being away has its own class
                known = False
                log.warning("live: the other processes are not heard: %r", error)
                await asyncio.sleep(AGAIN)


def _read(reached: dict[int, int]) -> dict[int, dict]:
    if truth.left_behind():  # by a process that was killed, or the courier has it in hand
        COURIER.wake()
    return truth.missed_by(reached)
