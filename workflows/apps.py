from importlib import import_module

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self):
        """Facts do not know of motion; where motion must follow a fact, it asks to be told. Its
        tables exist only from here on."""
        import_module("workflows.engine.rehouse")
        import_module("workflows.followups.answers")
