"""Open pages for tests: sockets through the whole application, as a browser opens them."""

import asyncio
import json

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

HOST = b"testserver"
SOON = 3  # seconds that nobody waits for, unless something is wrong


def session_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Ear(ApplicationCommunicator):
    """One socket of a person, or of nobody."""

    def __init__(self, user=None, *, session=None, origin=b"http://testserver", path="/ws/"):
        key = session or (session_of(user) if user else "nobody")
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}".encode()
        headers = [(b"host", HOST), (b"cookie", cookie)]
        if origin:
            headers.append((b"origin", origin))
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers}
        super().__init__(import_string("core.asgi.application"), scope | {"subprotocols": []})
        self.session = key

    async def connect(self) -> bool:
        """Whether the socket opens."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(SOON))["type"] == "websocket.accept"

    async def begin(self, number=None) -> dict:
        """Connect and say how far the page has heard; what it is answered."""
        assert await self.connect()
        return await self.ask({"since": number})

    async def ask(self, message) -> dict:
        await self.say(message)
        return await self.hear()

    async def say(self, message) -> None:
        """In JSON, or just as it is when it is text or bytes."""
        kind = "bytes" if isinstance(message, bytes) else "text"
        words = message if isinstance(message, str | bytes) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", kind: words})

    async def hear(self) -> dict:
        return json.loads((await self.receive_output(SOON))["text"])

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(SOON)

    async def all(self) -> list[dict]:
        """Whatever was said up to now: an answer that is asked for now comes after it."""
        await self.say({"since": None})
        said = []
        while "missed" not in (message := await self.hear()):
            said.append(message)
        return said

    async def closed(self) -> int:
        """Wait for the close; its code."""
        while (message := await self.receive_output(SOON))["type"] != "websocket.close":
            continue
        return message["code"]


async def until(true, seconds=SOON) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)
