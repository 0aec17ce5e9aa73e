import os
import signal
from threading import Thread

from django.core.management import call_command
from django.core.management.base import BaseCommand


def _end_with_the_server() -> None:
    """The server holds the other end of our input: when it closes, the server is gone.

    Read from the descriptor: a lock held on sys.stdin would be copied, held, into each child.
    """
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


class Command(BaseCommand):
    help = "The background worker as `serve` starts it; a service of its own runs `qcluster`."
    requires_system_checks = []

    def handle(self, *args, **options):
        Thread(target=_end_with_the_server, daemon=True).start()
        call_command("qcluster")
