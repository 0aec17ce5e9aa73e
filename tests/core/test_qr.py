"""QR codes: the same modules that segno chooses, drawn where they belong."""

import re

import pytest
import segno
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.papers import qr

pytestmark = pytest.mark.once
ADDRESS = "https://desk.qinglan.gov.cn/c/"


@given(st.text(alphabet="abcdefXYZ0123456789-_/:.", min_size=1, max_size=320))
@examples(max_examples=120)
def test_the_mask_is_the_one_of_the_standard(said):
    code = segno.make(said, error="m", micro=False)
    assert qr.modules(said).tolist() == [list(row) for row in code.matrix]


@pytest.mark.parametrize("said", ["tel:12380", "1", ADDRESS + "aB3-" * 6, ADDRESS + "x" * 300])
def test_every_version_and_level_says_what_it_is(said):
    code = segno.make(said, error="m", micro=False)
    assert qr.modules(said).tolist() == [list(row) for row in code.matrix]


def test_what_is_drawn_are_the_dark_modules():
    said, side = ADDRESS + "aB3-" * 6, 20.0
    drawn = qr.drawn(said, left=10, top=30, side=side, height=100).decode()
    rows = qr.modules(said)
    dark = set()
    for x, y, wide in re.findall(r"^(\d+) (\d+) (\d+) 1 re$", drawn, re.MULTILINE):
        dark |= {(int(y), int(x) + more) for more in range(int(wide))}
    assert dark == {(y, x) for y, row in enumerate(rows) for x, one in enumerate(row) if one}
    step, _skew, _skew2, down, x0, y0 = map(float, re.match(r"q (.+) cm", drawn)[1].split())
    module = side / (len(rows) + 2 * qr.QUIET) * qr.POINT
    assert (step, down) == pytest.approx((module, -module), abs=1e-3)
    assert x0 == pytest.approx(10 * qr.POINT + qr.QUIET * module, abs=0.01)
    assert y0 == pytest.approx(70 * qr.POINT - qr.QUIET * module, abs=0.01)
