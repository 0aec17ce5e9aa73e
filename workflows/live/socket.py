"""The socket of one open page. It hears what is said to its own person and can ask for no other."""

import asyncio
import json
import time
from uuid import uuid4

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from core.accounts.models import User
from workflows.engine.models import Task
from workflows.live import truth
from workflows.live.digest import digest
from workflows.live.hub import hub_here

SIGNED_OUT, FLOOD, TOO_SLOW, TOO_MANY = 4001, 4008, 4013, 4029  # why a socket was closed
AT_ONCE, A_SECOND = 30, 3  # messages that a page may send: at once, and a second in the long run
WAITING = 256  # messages that wait for a slow page
OF_ONE_PERSON = 20  # sockets in one process
OPEN_TASKS = 5  # that one page may have


class Socket(AsyncWebsocketConsumer):
    """The page says {"since": number or null} once it is open, then as it likes {"open": task},
    {"close": task}, {"writing": task}. What it is told: see README, "Live"."""

    channel_layer_alias = "none"  # it is in no group: the hub knows whose socket it is

    async def connect(self):
        await self.accept()
        self.joined = self.writer = None
        user, session = self.scope["user"], self.scope["session"]
        if not user.is_authenticated or user.must_change_password:
            await self.close(SIGNED_OUT)
            return
        self.id = uuid4().hex
        self.person, self.name = user.pk, user.name
        self.session_key, self.session = session.session_key, digest(session.session_key)
        self.signed_as = user.get_session_auth_hash()
        self.reached, self.heard = None, 0  # the last number said; the highest that came too early
        self.left, self.counted = AT_ONCE, time.monotonic()
        self.waiting = asyncio.Queue(WAITING)
        hub = hub_here()
        if len(hub.sockets.get(self.person, ())) >= OF_ONE_PERSON:
            await self.close(TOO_MANY)
            return
        self.writer = asyncio.create_task(self._write())
        self.joined = hub
        hub.join(self)

    async def disconnect(self, code):
        if self.joined:
            self.joined.leave(self)
            self.joined = None
        if self.writer:
            self.writer.cancel()

    # ── to the page ───────────────────────────────────────────────────────────────────────────
    def hear(self, said: list[dict]) -> None:
        """Signals of this person. Each is passed on once and in order; one that is missing is
        looked up."""
        if self.reached is None:
            self.heard = max(self.heard, said[-1]["n"])
            return
        for word in said:
            if word["n"] == self.reached + 1:
                self.reached = word["n"]
                self.put(word)
            elif word["n"] > self.reached:
                self.joined.look_soon()
                return

    def catch_up(self, said: dict) -> None:
        """What the database knows that this socket may not have heard: see `truth.since`."""
        if self.reached is None or said["n"] <= self.reached:
            return
        if "reset" in said:
            self.reached = said["n"]
            self.put(said)
            return
        for word in said["missed"]:
            if word["n"] == self.reached + 1:
                self.reached = word["n"]
                self.put(word)

    def put(self, message: dict) -> None:
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.end(TOO_SLOW)  # it connects again and catches up

    def end(self, code: int = SIGNED_OUT) -> None:
        """Close it, whatever still waits."""
        if self.joined:
            self.joined.leave(self)
            self.joined = None
            self.writer.cancel()
            self.writer = asyncio.create_task(self.close(code))

    async def _write(self) -> None:
        while True:
            message = await self.waiting.get()
            try:
                await self.send(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
            except (OSError, RuntimeError):  # it has just been closed from the other side
                return

    # ── from the page ─────────────────────────────────────────────────────────────────────────
    async def receive(self, text_data=None, bytes_data=None):
        if not self.joined:
            return
        now = time.monotonic()
        self.left = min(AT_ONCE, self.left + (now - self.counted) * A_SECOND) - 1
        self.counted = now
        if self.left < 0:
            self.end(FLOOD)
            return
        word, number = understood(text_data)
        if word is None:
            self.put({"error": "not understood"})
        elif word == "since":
            await self._since(number)
        elif word == "open":
            await self._open(number)
        elif word == "close":
            self.joined.presence.closed(self, number)
        else:
            self.joined.presence.writing(self, number)

    async def _since(self, number: int | None) -> None:
        self.reached = None  # what comes meanwhile is looked up afterwards
        said = await database_sync_to_async(truth.since)(self.person, number)
        self.reached = said["n"]
        self.put(said)
        if self.heard > self.reached and self.joined:
            self.joined.look_soon()

    async def _open(self, task: int) -> None:
        seen = await database_sync_to_async(sees)(self.person, task)
        if seen and self.joined and len(self.joined.presence.open_by(self)) < OPEN_TASKS:
            self.joined.presence.opened(self, task)


def sees(person: int, task: int) -> bool:
    """Whether somebody may see a task now: the person is read anew, since what they may see changes
    with the day while their page stays open."""
    try:
        Task.objects.seen(task, User.objects.get(pk=person, is_active=True))
    except (Task.DoesNotExist, User.DoesNotExist):
        return False
    return True


def understood(text: str | None) -> tuple[str | None, int | None]:
    """What a page said: one word and one number; (None, None) when it is anything else."""
    try:
        said = json.loads(text or "")
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(said, dict) or len(said) != 1:
        return None, None
    ((word, number),) = said.items()
    if word == "since" and number is None:
        return word, None
    fits = type(number) is int and 0 <= number < 2**63
    return (word, number) if fits and word in ("since", "open", "close", "writing") else (None, None)


async def nowhere(scope, receive, send):
    """Any other address: refused, without a trace in the log."""
    await send({"type": "websocket.close", "code": 4404})
