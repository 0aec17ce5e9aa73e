"""What a task's page offers for each kind of step. A flow's room gives a desk for each of its
human steps; the inbox shows them all, and knows none of them."""

from core.forms import KeyedForm


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


DESKS: dict[str, Desk] = {}  # name of the step → its desk


def desk(*steps):
    """Class decorator: this desk serves these steps."""

    def put(cls):
        for step in steps:
            DESKS[step] = cls()
        return cls

    return put
