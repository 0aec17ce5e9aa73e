"""The case: a firm with the chart bound to it. django-fsm keeps the states, the chart says which."""

from django_fsm import TransitionNotAllowed, transition

from core.ledger.models import Firm
from workflows.coverage.chart import CHART


def _bound(move):
    """One row of the chart as a django-fsm transition. Conditions are asked by the door, which
    has the facts of the day and can answer with a sentence."""

    def step(self):
        """Changes the state in memory; only the door calls it, and saves."""

    step.__name__ = move.verb
    return transition(field=move.track, source=list(move.sources), target=move.target)(step)


class Case(Firm):
    """A firm as the subject of the chart: one method for each verb of the chart."""

    for _move in CHART:
        vars()[_move.verb] = _bound(_move)
    del _move

    class Meta:
        proxy = True
        verbose_name = Firm._meta.verbose_name
        verbose_name_plural = Firm._meta.verbose_name_plural


__all__ = ["Case", "TransitionNotAllowed"]
