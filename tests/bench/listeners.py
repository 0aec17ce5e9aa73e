"""Many open pages in a process of their own: `python -m tests.bench.listeners`, run by `live`.

Reads one line of JSON, a list of [port, cookie]; says "ready" once every socket is open and
answered; when its input ends it writes what each heard, one line of JSON: lists of
[moment, number, what, task, caught up]. The moment is the machine's monotonic clock in seconds.

A page that loses its socket waits a little, longer each time, opens it again and says how far it
had heard, as the desk's own script does.
"""

import asyncio
import json
import random
import sys
import time

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

AT_ONCE = 16  # sockets that open at the same time
FIRST_WAIT, LONGEST_WAIT = 0.25, 4.0  # seconds before a socket is opened again
AWAY = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError)


class Page:
    def __init__(self, port: int, cookie: str):
        self.port, self.cookie = port, cookie
        self.heard: list[list] = []
        self.last: int | None = None
        self.open = False
        self.resets = self.losses = 0

    async def stay(self, gate: asyncio.Semaphore) -> None:
        """Open the socket, and again whenever it is lost."""
        wait = FIRST_WAIT
        while True:
            try:
                async with gate:
                    socket = await self._connect()
                async with socket:
                    wait = FIRST_WAIT
                    async for text in socket:
                        self._hear(json.loads(text))
            except AWAY:
                pass
            self.losses += self.open
            self.open = False
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(LONGEST_WAIT, wait * 2)

    async def _connect(self):
        socket = await connect(
            f"ws://127.0.0.1:{self.port}/ws/", origin=f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": f"sessionid={self.cookie}"}, compression=None,
            open_timeout=20, proxy=None,
        )  # fmt: skip
        await socket.send(json.dumps({"since": self.last}))
        self._hear(json.loads(await asyncio.wait_for(socket.recv(), 20)))
        self.open = True
        return socket

    def _hear(self, said: dict) -> None:
        now = time.monotonic()
        if "missed" in said or "reset" in said:
            self.resets += "reset" in said
            for word in said.get("missed", ()):
                self._note(now, word, True)
            self.last = said["n"]
        elif "n" in said:
            self._note(now, said, False)
            self.last = said["n"]

    def _note(self, now: float, word: dict, caught_up: bool) -> None:
        self.heard.append([now, word["n"], word["what"], word.get("task"), caught_up])


async def _until(true) -> None:
    while not true():
        await asyncio.sleep(0.05)


async def main() -> None:
    read = asyncio.get_running_loop().run_in_executor
    pages = [Page(*given) for given in json.loads(await read(None, sys.stdin.readline))]
    gate = asyncio.Semaphore(AT_ONCE)
    staying = [asyncio.create_task(page.stay(gate)) for page in pages]
    await asyncio.wait_for(_until(lambda: all(page.open for page in pages)), 180)
    _say("ready")
    await read(None, sys.stdin.read)
    await asyncio.wait_for(_until(lambda: all(page.open for page in pages)), 60)
    for task in staying:
        task.cancel()
    _say(json.dumps([[page.heard, page.losses, page.resets] for page in pages]))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
