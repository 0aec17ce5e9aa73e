"""A page of another host opens no socket with our cookies."""

from urllib.parse import urlsplit

from channels.security.websocket import OriginValidator
from django.conf import settings


class OwnPagesOnly(OriginValidator):
    """As Channels' own, but a refusal costs nothing (theirs goes to Redis and waits there), and an
    origin that is no address is refused like any other."""

    def __init__(self, application) -> None:
        super().__init__(application, settings.ALLOWED_HOSTS)

    async def __call__(self, scope, receive, send):
        if self._ours(dict(scope["headers"]).get(b"origin")):
            return await self.application(scope, receive, send)
        return await send({"type": "websocket.close", "code": 4403})

    def _ours(self, origin: bytes | None) -> bool:
        try:
            return self.valid_origin(None if origin is None else urlsplit(origin.decode("latin1")))
        except ValueError:
            return False
