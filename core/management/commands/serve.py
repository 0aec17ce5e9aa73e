import sys

from django.core.management.base import BaseCommand

from core.desk.serving import serve


class Command(BaseCommand):
    help = "Sets up what is missing and serves the desk together with its background worker."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, host, port, **options):
        def tell(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        sys.exit(serve(host, port, tell))
