from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self):
        """Facts do not know of motion; where motion must follow a fact, it asks to be told. Its
        tables exist only from here on. A room that has a file `desks` brings its flow into the
        one list of tasks with it."""
        import_module("workflows.engine.rehouse")
        import_module("workflows.followups.answers")
        import_module("workflows.assignments.following")
        for room in iter_modules(self.module.__path__, "workflows."):
            if room.ispkg and find_spec(f"{room.name}.desks"):
                import_module(f"{room.name}.desks")
        import_module("workflows.morning.sightings")
        import_module("workflows.inbox.context")
        import_module("workflows.live.outbox")
        import_module("workflows.live.ends")
        import_module("workflows.handovers.following")
        import_module("workflows.handovers.pages")
        import_module("workflows.surveys.following")
        for jobs in (
            "coverage.forms_in_bulk", "evaluations.opening", "evaluations.slips", "matching.making",
            "matching.accepting_all", "reconciling.comparing",
        ):  # fmt: skip
            import_module(f"workflows.{jobs}")  # kinds of jobs: the worker must know them
