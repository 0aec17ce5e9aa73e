"""The same ticks sent twice at once, on PostgreSQL."""

from uuid import uuid4

import pytest

from core.audit.models import Event
from tests import county as small
from tests.workflows.talk import at_hand
from tests.workflows.test_races import at_once, browser
from workflows.coverage.acts import propose
from workflows.inbox.models import BulkRun

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_same_ticks_sent_at_once_are_one_run(county, own_branch):
    """Else the second would find every task taken, and write that over the first one's results."""
    small.union(county.mall)
    asked = propose(
        county.mall, "organise_mass", by=county.wang_fang, on=county.today, reason="It has a union."
    )
    tasks, key = [at_hand(own_branch).pk, at_hand(asked).pk], uuid4()
    form = {"key": key, "act": "claim", "task": tasks}
    clients = [browser(county.wang_fang) for _n in range(4)]
    answers = at_once(*[
        lambda c=c: c.post("/tasks/bulk/?from=queue", form).status_code for c in clients
    ])  # fmt: skip
    assert set(answers) == {302}
    assert Event.objects.filter(code="task.claimed").count() == 1
    assert [row[:2] for row in BulkRun.objects.get().results] == [[tasks[0], True], [tasks[1], False]]
