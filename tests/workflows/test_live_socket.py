"""The socket through the whole application: who is let in, what is said to whom, what is not."""

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from tests import county as small
from tests.workflows.ears import Ear
from tests.workflows.talk import at_hand
from workflows.engine import verbs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def inline(settings):
    settings.LIVE_DELIVERY = "inline"


@pytest.fixture
def county(transactional_db):
    return small.build()


def test_a_page_hears_what_others_do_with_a_task(county, own_branch):
    task, ear = at_hand(own_branch), Ear(county.wang_fang)

    async def test():
        first = await ear.begin()
        await sync_to_async(verbs.claim)(task, by=county.wang_fang)
        said = await ear.hear()
        assert said == {"n": first["n"] + 1, "what": "taken", "task": task.pk}
        await ear.disconnect()

    async_to_sync(test)()
