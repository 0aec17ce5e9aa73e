"""The pages of lists: bring one in, see how far it is, decide, take back."""

from uuid import uuid4

import pytest

from core.jobs import run as worker
from tests.workflows.listing import brought, code, pasted, uploaded
from tests.workflows.test_list_reading import PLAIN
from workflows.reconciling.models import AuthorityList

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_list_is_brought_in_once_and_compared_beside_the_page(county, signed_in, way):
    browser = signed_in(county.wang_fang)
    content = uploaded(PLAIN) if way == "file" else pasted(["恒达公司", code(90), "存续"])
    form = {"key": uuid4(), "source": "market", "on": county.today.isoformat(), way: content}
    first = browser.post("/lists/", form)
    assert first.status_code == 302
    if way == "text":
        assert browser.post("/lists/", form).url == first.url
    made = AuthorityList.objects.get()
    assert made.office == county.wang_fang.area
    assert b"data-job" in browser.get(first.url).content
    worker.run(made.job.pk)
    page = browser.get(first.url)
    assert page.context["show"] == "new" and "恒达" in page.content.decode()


def test_what_is_wrong_with_a_file_is_told_on_the_page(county, signed_in):
    form = {"key": uuid4(), "source": "tax", "on": county.today.isoformat(),
            "file": uploaded(b"<html>", "list.xls")}  # fmt: skip
    page = signed_in(county.wang_fang).post("/lists/", form)
    assert page.status_code == 422 and "Save it as .xlsx" in page.content.decode()
    assert not AuthorityList.objects.exists()


def test_a_decision_is_taken_back_on_the_page(county, signed_in):
    made = brought(county, ("Wholly Other", code(901), ""))
    row, browser = made.findings.get(), signed_in(county.wang_fang)
    page = {"key": uuid4(), "act": "ignore", "here": [row.pk], "row": [row.pk]}
    assert browser.post(made.get_absolute_url(), page).status_code == 422
    browser.post(made.get_absolute_url(), page | {"reason": "A shop."})
    row.refresh_from_db()
    assert row.decision == "ignore"
    assert b"undo-" in browser.get(f"{made.get_absolute_url()}?show=decided").content
    browser.post(f"/lists/rows/{row.pk}/undo/", {"key": uuid4()})
    row.refresh_from_db()
    assert row.decision == ""


def test_rows_are_shown_in_pages(county, signed_in):
    made = brought(county, *[(f"Wholly Other {n}", code(n), "") for n in range(900, 960)])
    page = signed_in(county.wang_fang).get(made.get_absolute_url())
    assert len(page.context["rows"]) == 50 and page.context["shown"].after
