import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

# Sockets join here: {"http": …, "websocket": …}.
application = ProtocolTypeRouter({"http": get_asgi_application()})
