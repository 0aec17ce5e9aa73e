"""Who has the same task open: told from process to process, kept by none, forgotten by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from channels.db import database_sync_to_async

from workflows.live.who import who_may_see

BEAT = 15  # seconds after which a page that is still open is told again
FORGOTTEN = 40  # seconds after which one that was not told again is no longer there
WRITING = 8  # seconds for which somebody who typed is writing


@dataclass
class Reader:
    """One socket that has a task open, here (then with `socket`) or in another process."""

    person: int
    name: str
    until: float = 0.0
    writing: float = 0.0  # until when
    socket: object = None
    shown: tuple = ()  # what its page was told last


class Presence:
    def __init__(self, post: Callable[[dict], None]) -> None:
        self._post = post
        self._readers: dict[int, dict[str, Reader]] = {}  # by task, then by socket
        self._beat = 0.0

    # ── from the sockets here ─────────────────────────────────────────────────────────────────
    def opened(self, socket, task: int) -> None:
        """Who opens a task is told at once who is there, and asks the other processes."""
        there = self._readers.setdefault(task, {})
        there[socket.id] = Reader(socket.person, socket.name, socket=socket)
        self._show(task)
        self._say(task, socket.id, ask=True)

    def writing(self, socket, task: int) -> None:
        if reader := self._readers.get(task, {}).get(socket.id):
            reader.writing = time.monotonic() + WRITING
            self._show(task)
            self._say(task, socket.id)

    def closed(self, socket, task: int) -> None:
        if self._readers.get(task, {}).pop(socket.id, None):
            self._post({"here": {"task": task, "id": socket.id, "gone": True}})
            self._show(task)

    def gone(self, socket) -> None:
        for task in self.open_by(socket):
            self.closed(socket, task)

    def open_by(self, socket) -> list[int]:
        return [task for task, there in self._readers.items() if socket.id in there]

    def _say(self, task: int, key: str, *, ask: bool = False) -> None:
        reader = self._readers[task][key]
        writes = reader.writing > time.monotonic()
        said = {"task": task, "id": key, "who": [reader.person, reader.name], "writes": writes}
        self._post({"here": said | {"ask": ask}})

    # ── from the other processes (and from this one, which knows it already) ──────────────────
    def hear(self, said: dict) -> None:
        there = self._readers.get(said["task"])
        if there is None:
            return  # nobody here has it open
        key, known = said["id"], there.get(said["id"])
        if known and known.socket:
            return
        now = time.monotonic()
        if said.get("gone"):
            there.pop(key, None)
        else:
            writing = now + WRITING if said["writes"] else 0.0
            there[key] = Reader(*said["who"], until=now + FORGOTTEN, writing=writing)
        if said.get("ask"):
            for own, reader in there.items():
                if reader.socket:
                    self._say(said["task"], own)
        self._show(said["task"])

    # ── as time goes on ───────────────────────────────────────────────────────────────────────
    def tick(self) -> None:
        """Forget who was not heard of, and let the others know that ours are still there."""
        now = time.monotonic()
        beats = now >= self._beat + BEAT
        self._beat = now if beats else self._beat
        for task, there in list(self._readers.items()):
            for key, reader in list(there.items()):
                if reader.socket is None and reader.until < now:
                    del there[key]
                elif reader.socket and beats:
                    self._say(task, key)
            self._show(task)

    async def check(self) -> None:
        """Who may no longer see a task is no longer told who has it open."""
        asked = {task: list(there.values()) for task, there in self._readers.items()}
        seen = await database_sync_to_async(who_may_see)(list(asked))
        for task, there in asked.items():  # who came while we asked was let in just now
            for reader in there:
                if reader.socket and reader.person not in seen.get(task, ()):
                    self.closed(reader.socket, task)

    def _show(self, task: int) -> None:
        """Tell each page here who else has the task open, when that is another answer."""
        there = self._readers.get(task, {})
        if not any(reader.socket for reader in there.values()):
            self._readers.pop(task, None)
            return
        now = time.monotonic()
        for own in there.values():
            if own.socket:
                others = {r.person: r for r in there.values() if r.person != own.person}
                writes = [r.name for r in there.values()
                          if r.person != own.person and r.writing > now]  # fmt: skip
                shown = (sorted(r.name for r in others.values()), writes[:1])
                if shown != (own.shown or ([], [])):
                    own.shown = shown
                    name = writes[0] if writes else None
                    own.socket.put({"present": task, "who": shown[0], "writing": name})
