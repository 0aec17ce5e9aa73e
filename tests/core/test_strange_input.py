"""What nobody types by accident: it gets an answer, never an error page."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from core.errors import Refused
from core.receipts import Receipt, once

BEYOND = 10**23  # no table can hold this number


@pytest.mark.parametrize(
    "address",
    [
        "/tasks/?q=a%00b", "/tasks/queue/?q=%00", "/accounts/?q=a%00b", "/firms/?q=%00",
        "/branches/?q=%00", "/instructors/?q=%00", "/audit/?person=%00",
        "/audit/?since=0001-01-01", "/audit/?until=9999-12-31",
        "/audit/?before=0001-01-01T00:00:00%2B14:00,1",
        "/audit/?before=9999-12-31T23:59:59-12:00,1",
        f"/requests/{BEYOND}/", f"/requests/{BEYOND}/approval-form.pdf", f"/firms/{BEYOND}/",
        f"/tasks/{BEYOND}/", f"/members/{BEYOND}/", f"/branches/{BEYOND}/",
        f"/instructors/{BEYOND}/", f"/accounts/{BEYOND}/", f"/firms/?before={10**18}",
        f"/tasks/?page={BEYOND}", "/tasks/?page=-1", "/accounts/?page=x",
        "/firms/?q=" + "x" * 20_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["zhou_tao", "zheng_guan"])
def test_an_address_with_nonsense_gets_an_answer(county, signed_in, address, who):
    assert signed_in(getattr(county, who)).get(address).status_code in (200, 403, 404, 422)


def test_a_withdrawal_of_nothing(county, signed_in):
    answer = signed_in(county.li_ming).post(f"/requests/{BEYOND}/withdraw/", {"key": uuid4()})
    assert answer.status_code == 404


def test_what_only_the_database_refuses_is_an_answer_too(county):
    key = uuid4()

    def act():  # as when two found a branch of one name at one moment
        raise IntegrityError("duplicate key")

    with pytest.raises(Refused) as refusal:
        once(key, by=county.wang_fang, act=act)
    assert refusal.value.code == Refused.FASTER
    assert not Receipt.objects.exists()  # it may be sent again
