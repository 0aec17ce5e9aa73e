"""Many numbers as one parameter, on both databases."""

from core.among import Among
from core.ledger.models import Firm


def test_rows_with_one_of_these_numbers(county):
    asked = [county.tea.pk, county.brick.pk, 10**15]
    assert set(Firm.objects.filter(Among("pk", asked))) == {county.tea, county.brick}
    assert set(Firm.objects.exclude(Among("pk", asked))) == {county.mall, county.paper}
    assert not Firm.objects.filter(Among("pk", [])).exists()


def test_it_is_one_parameter_however_many(county):
    rows = Firm.objects.filter(Among("pk", range(5000)), name="East Hill Tea")
    assert len(rows.query.sql_with_params()[1]) == 2
    assert rows.get() == county.tea
