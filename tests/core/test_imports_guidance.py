"""The list of guidance records: whose deed it was, and never twice."""

import pytest

from core.imports.models import Import
from core.people.models import GuidanceRecord
from tests import county as small
from tests.core.test_imports_lists import applied, book_of, read, said_of, undone

pytestmark = pytest.mark.usefixtures("english")
HEADINGS = ("指导员", "派出单位", "统一社会信用代码", "指导日期", "指导方式", "指导内容")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def done(firm, day, what="Talked", who="Li Ming", unit="") -> list:
    return [who, unit, firm.credit_code, day, "visit", what]


def test_records_are_entered_for_their_instructor_and_never_twice(county):
    content = book_of(HEADINGS, done(county.tea, county.today), done(county.mall, county.today))
    one = read("guidance", content, county.wang_fang)
    assert one.counts["new"] == 2, (one.error, one.job.trouble)
    assert "not assigned" in said_of(one, 3)  # to the mall
    assert not said_of(one, 2)
    one = applied(one, county.wang_fang)
    assert one.state == Import.State.APPLIED, one.job.error + one.job.trouble
    made = GuidanceRecord.objects.get(firm=county.tea)
    assert (made.instructor, made.by, made.on) == (county.guide_li, county.wang_fang, county.today)
    again = read("guidance", content, county.wang_fang)
    assert again.counts["same"] == 2
    one = undone(one, county.wang_fang)
    assert one.state == Import.State.UNDONE, one.job.error + one.job.trouble
    assert not GuidanceRecord.objects.exists()


def test_rows_of_guidance_that_are_wrong(county):
    small.instructor("Li Ming", unit=small.unit("Bureau of taxes"))
    day = county.today
    one = read("guidance", book_of(
        HEADINGS, done(county.tea, day), done(county.tea, day, unit="Bureau of taxes"),
        done(county.tea, day, who="Nobody"), done(county.tea, "2001-01-01", unit="Bureau of taxes"),
        done(county.tea, day, unit="Bureau of taxes"),
    ), county.wang_fang)  # fmt: skip
    for row, part in enumerate(("several", "not assigned", "no instructor", "opened", "row 3"), 2):
        assert part in said_of(one, row), row
    assert (one.counts["error"], one.counts["new"]) == (4, 1)
