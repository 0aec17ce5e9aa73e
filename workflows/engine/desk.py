"""What a task's page offers for each kind of step. A flow's room gives a desk for each of its
human steps; the inbox shows them all, and knows none of them."""

from django.utils.translation import gettext as _

from core.errors import Refused
from core.forms import KeyedForm
from workflows.engine.undo import nothing_followed


class Desk:
    """The place where one kind of step is carried out.

    `template` is included in the task's page, with `form`, `task` and what `context` adds.
    """

    template = ""
    form_class = KeyedForm
    done = ""  # what the person is told afterwards

    def said(self, form) -> str:
        """What the person is told afterwards, where that depends on what was sent."""
        return self.done

    def given(self, task, user) -> dict:
        """What the form class is made with, besides the posted data."""
        return {}

    def context(self, task, user) -> dict:
        return {}

    def act(self, task, form, *, by, on, at) -> str:
        """Carry the step out; the page to go to. Raises Refused."""
        raise NotImplementedError

    def undo(self, task, *, by, at):
        """Take back what was decided at this step while nothing has followed. Raises Refused."""
        raise Refused(Refused.NOT_NOW, _("What was done here cannot be taken back."))

    def can_undo(self, task) -> bool:
        """Whether a page offers to take back what was decided; the act itself asks again."""
        return type(self).undo is not Desk.undo and nothing_followed(task)

    def approve(self, task, *, comment, by, on, at):
        """Agree to the step without opening its page, where that is possible. Raises Refused."""
        raise Refused(Refused.NOT_NOW, _("Open this task: there is nothing to approve."))

    # What every task says of itself, in the reader's language.

    def why(self, task) -> str:
        """Why the task is here."""
        raise NotImplementedError

    def asks(self, task) -> str:
        """What is asked of whoever has it."""
        raise NotImplementedError

    def follows(self, task) -> str:
        """What happens next, once it is done."""
        raise NotImplementedError


DESKS: dict[str, Desk] = {}  # name of the step → its desk


def desk(*steps):
    """Class decorator: this desk serves these steps. Raises ValueError for a step that has a desk:
    two flows may not name a step alike, since a task is known by it."""

    def put(cls):
        if served := DESKS.keys() & set(steps):
            raise ValueError(f"these steps have a desk already: {sorted(served)}")
        for step in steps:
            DESKS[step] = cls()
        return cls

    return put
