"""The porch for the web server: pages, and the socket of open pages. Rooms are named by string."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path, re_path
from django.utils.module_loading import import_string

from core.desk.origin import OwnPagesOnly
from core.pool import use_pool

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

use_pool()
pages = get_asgi_application()  # first: the rooms exist only from here on

sockets = URLRouter(
    [
        path("ws/", AuthMiddlewareStack(import_string("workflows.live.socket.Socket").as_asgi())),
        re_path("", import_string("workflows.live.socket.nowhere")),
    ]
)

application = ProtocolTypeRouter({"http": pages, "websocket": OwnPagesOnly(sockets)})
