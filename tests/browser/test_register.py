"""The register in a real browser: its pages in both languages and widths, and a file read in."""

import pytest

from core.people.models import Instructor
from tests import county as made
from tests.core.sheets import REN, book_of, bytes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_pages_of_the_register(size, language, window):
    county = made.build()
    guide = made.assign(county.guide_li, made.firm("East Mill")).instructor
    one = window(county.wang_fang, size, language)
    for path in ("", "load/", "new/", "training/", "import/"):
        one.open(f"/instructors/{path}")
    for path in ("", "edit/", "standing/", "tie/", "history/?on=2020-01-01"):
        one.open(f"/instructors/{guide.pk}/{path}")


def test_an_excel_file_is_looked_at_and_asked_to_be_carried_out(window, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    county = made.build()
    file = tmp_path / "people.xlsx"
    file.write_bytes(bytes_of(book_of(REN, REN | {"Name": "杨兰", "Term from": "soon"})))
    one = window(county.wang_fang, "desk", "en")
    one.open("/instructors/import/")
    one.page.set_input_files("[type=file]", str(file))
    one.send()
    assert one.page.get_by_text("New: 1. Changed: 0.").count() == 1
    assert one.page.get_by_text("“soon” is not a day").count() == 1
    assert not Instructor.objects.filter(name="任小平")
    one.send()
    assert "/jobs/" in one.page.url and one.page.get_by_text("Register read from people.xlsx").count()
