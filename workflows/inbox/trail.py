"""From which list a reader came to a task: its address leads back, and to the next one."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from workflows.inbox import lists
from workflows.inbox.lists import Filters

GOES_ON = ("mine", "queue", "held", "left_behind")  # where one task after the other is worked on


class Trail(NamedTuple):
    """The list, "" for none, and its filters."""

    which: str = ""
    filters: Filters = Filters()

    @classmethod
    def of(cls, given) -> "Trail":
        """As it came in an address; a strange list is none."""
        which = given.get("from", "")
        return cls(which, Filters.of(given)) if which in lists.LISTS else cls()

    @property
    def query(self) -> str:
        """To be put behind an address: "?from=queue&late=1", or ""."""
        if not self.which:
            return ""
        return "?" + "&".join(filter(None, (f"from={self.which}", self.filters.query)))

    @property
    def back(self) -> str:
        """The list itself."""
        query = self.filters.query
        return reverse(f"inbox:{self.which or 'mine'}") + (f"?{query}" if query else "")

    def onward(self, task, user, *, did=None):
        """Answer with the next task of the list, or with the list when it is empty; None when
        the reader came from nowhere. `did` is the finished step, to be taken back there."""
        if self.which not in GOES_ON:
            return None
        at = timezone.now()
        beside = lists.next_to(task, user, self.which, self.filters, at=at, on=timezone.localdate(at))
        to = self.back if beside is None else f"{beside.get_absolute_url()}{self.query}"
        more = urlencode({"did": did.pk} if did else {})
        return redirect(f"{to}{'&' if '?' in to else '?'}{more}" if more else to)
