"""Files as offices really save them, through the import of firms: read, or refused in words."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Refused
from core.imports import staging
from core.ledger.models import Firm
from tests import county as small
from tests.core.test_imports import applied, media, read  # noqa: F401

FILES = Path(__file__).parent / "files"
pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("name", ["ledger.xls", "ledger.xlsx"])
def test_a_ledger_as_an_office_saves_it_comes_in(county, name):
    # Firms of the county of the tests have some of these codes.
    for firm in Firm.objects.filter(credit_code__startswith="91139901MA0000"):
        Firm.objects.filter(pk=firm.pk).update(credit_code=small.credit_code(900 + firm.pk))
    one = read((FILES / name).read_bytes(), county.wang_fang, name)
    assert one.state == "judged", one.error
    assert one.counts == {"new": 3, "warned": 0, "totals": 1}
    assert applied(one, county.wang_fang).state == "applied"
    found = Firm.objects.filter(area=small.EAST).values_list("name", "employees")
    assert {("东方茶厂", 42), ("新田粮油", 8), ("华光机械", 320)} <= set(found)


def test_a_ledger_with_a_password_is_refused_and_nothing_is_kept(county):
    upload = SimpleUploadedFile("locked.xlsx", (FILES / "locked.xlsx").read_bytes())
    with pytest.raises(Refused, match="password"):
        staging.take_in(upload, name="locked.xlsx", key="k", by=county.wang_fang)
    assert not staging.Import.objects.exists()
