from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self):
        """Facts do not know of motion; where motion must follow a fact, it asks to be told."""
        # Models exist only from here on, so these two cannot stand at the top of the file.
        from core.ledger import acts
        from workflows.engine.rehouse import follow_the_firm

        if follow_the_firm not in acts.WHEN_REHOUSED:
            acts.WHEN_REHOUSED.append(follow_the_firm)
