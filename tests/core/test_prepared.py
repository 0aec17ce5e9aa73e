"""A query that is put together once answers as if it were put together each time."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from core.accounts.models import User
from core.ledger.models import Firm
from core.people.models import GuidanceRecord
from core.prepared import Prepared
from tests import county as small

pytestmark = pytest.mark.django_db


def test_rows_of_values_are_those_of_the_query(county):
    small.visit(county.tea, by=county.li_ming, on=county.today)

    def build(firm, on, word):
        rows = GuidanceRecord.objects.filter(firm=firm, on__lte=on).exclude(done=word)
        return rows.values("pk", "on", "done")

    ask = Prepared(build, firm=int, on=date, word=str)
    for firm in (county.tea, county.mall):
        for on in (county.today, county.today - timedelta(days=1)):
            for word in ("", "Talked with the owner.", "100%_'\""):
                assert ask(firm=firm.pk, on=on, word=word) == list(build(firm.pk, on, word))


def test_instances_come_with_what_is_selected_along(county, django_assert_num_queries):
    ask = Prepared(lambda pk: Firm.objects.select_related("line").filter(pk=pk), pk=int)
    [mall] = ask(pk=county.mall.pk)
    assert mall == county.mall and mall.opened_on == county.mall.opened_on
    with django_assert_num_queries(0):
        assert mall.line.name == "Bureau of commerce"
    assert ask(pk=county.tea.pk)[0].line is None
    assert ask(pk=0) == []


def test_one_statement_and_no_building_after_the_first(county, django_assert_num_queries):
    built = []

    def build(pk):
        built.append(pk)
        return Firm.objects.filter(pk=pk).values("name")

    ask = Prepared(build, pk=int)
    for firm in (county.tea, county.mall, county.paper):
        with django_assert_num_queries(1):
            assert ask(pk=firm.pk) == [{"name": firm.name}]
    assert len(built) == 1


def test_a_value_that_is_not_used_as_it_is_fails_at_first_use(county):
    ask = Prepared(lambda word: Firm.objects.filter(name__icontains=word).values("pk"), word=str)
    with pytest.raises(LookupError, match="word"):
        ask(word="tea")


def test_moments_and_the_statement_itself(county):
    moments = [county.li_ming.date_joined + timedelta(seconds=n) for n in (-1, 0, 1)]
    ask = Prepared(lambda at: User.objects.filter(date_joined__lte=at).values("pk"), at=datetime)
    for at in moments:
        assert ask(at=at) == list(User.objects.filter(date_joined__lte=at).values("pk"))
    sql, params = ask.statement(at=moments[1])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS found", params)
        assert cursor.fetchone()[0] == User.objects.filter(date_joined__lte=moments[1]).count()
