from django.apps import AppConfig

from core.ledger import acts


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self):
        """Facts do not know of motion; where motion must follow a fact, it asks to be told."""
        from workflows.engine.rehouse import follow_the_firm  # models are loaded only now

        if follow_the_firm not in acts.WHEN_REHOUSED:
            acts.WHEN_REHOUSED.append(follow_the_firm)
