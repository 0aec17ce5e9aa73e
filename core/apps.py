from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self):
        """What asks to be told when a worker begins; tables exist only from here on."""
        import_module("core.jobs.keep")
        import_module("core.exchange.importing")  # a kind of job: the worker must know it
        import_module("core.imports.undoing")  # and the other two kinds, which it rests on
        import_module("core.imports.kind_undoing")
        import_module("core.credentials.acts")  # told when somebody leaves
        import_module("core.credentials.printing")  # kinds of jobs: the worker must know them
        import_module("core.contact_cards.printing")
        import_module("core.reports.work")
