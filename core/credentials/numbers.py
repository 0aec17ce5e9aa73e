"""Giving out numbers: one row for each series, locked until the act that takes the number ends."""

from core.credentials.models import CredentialSeries
from core.number_template import filled, series_of
from core.rulebook import rule


def next_number(county: str, *, on) -> tuple[str, int, int]:
    """The next number of a county, its series' year and its serial. Call it inside the
    transaction that keeps the number: rolled back, the same number is given to the next one."""
    template = rule("credential_number", on=on).value
    series = series_of(template, county=county, year=on.year)
    # Two may open a series at once: the second waits for the first and keeps its row.
    CredentialSeries.objects.bulk_create(
        [CredentialSeries(county=county, year=series.year)], ignore_conflicts=True
    )
    held = CredentialSeries.objects.select_for_update().get(county=county, year=series.year)
    held.last += 1
    held.save(update_fields=["last"])
    number = filled(template, county=county, year=on.year, serial=held.last)
    return number, series.year, held.last
