from dataclasses import replace

import pytest

from core import rulebook
from core.accounts.models import Area
from tests import county as small
from tests.workflows.evaluating import begun, fill
from tests.workflows.robots import office, running_maker
from workflows.coverage.acts import propose
from workflows.evaluations.models import Evaluation


@pytest.fixture
def three_members(county):
    """The tea firm has the three full members that a branch of its own needs."""
    for name in ("Wang Jianguo", "Lin Ying", "Zhang Wei"):
        small.member(county.tea, name)
    return county.tea


@pytest.fixture
def visited(county):
    """Every instructor was there today, so that no contact is due; the firms are work covered."""
    for guide, firm in ((county.li_ming, county.tea), (county.zhao_qiang, county.paper),
                        (county.gao_yuan, county.brick)):  # fmt: skip
        small.visit(firm, by=guide)
        small.put(firm, stage="work_covered")


@pytest.fixture
def own_branch(county, three_members):
    """Li Ming proposed that the tea firm gets a branch of its own."""
    return propose(
        county.tea, "stand_alone", by=county.li_ming, on=county.today,
        reason="Three members now.", branch_name="East Hill Tea branch",
    )  # fmt: skip


@pytest.fixture
def inline(settings):
    """What an act says live is carried by the request or test that says it."""
    settings.LIVE_DELIVERY = "inline"


@pytest.fixture
def maker(settings):
    settings.SITE_URL = "https://desk.example"
    with running_maker() as maker:
        settings.WEBHOOK_HOSTS = [maker.url]
        yield maker


@pytest.fixture
def group(county, maker):
    """The WeCom group of the township office of East."""
    return office(county, maker)


@pytest.fixture
def half_may_be_excellent(monkeypatch):
    """The rulebook lets half of a round's evaluations be graded excellent."""
    key = "evaluation_excellent_quota"
    monkeypatch.setitem(rulebook.RULES, key, [replace(rulebook.RULES[key][0], value=50)])


@pytest.fixture
def town(county, settings, tmp_path):
    """Three further firms of East wait, the mall does too; Lin Ying of East has room, Li Ming too."""
    settings.MEDIA_ROOT = tmp_path
    county.waiting = [small.firm(f"East firm {n}") for n in range(3)]
    county.guide_lin = small.instructor("Lin Ying", trade="C")
    county.east = Area.objects.get(code=small.EAST)
    county.whole = Area.objects.get(code=small.COUNTY)
    return county


@pytest.fixture
def both_in(county):
    """The tea firm's evaluation, with both forms in and opened."""
    evaluation = begun(county, county.tea)
    fill(county.wu_laoban, evaluation, "firm")
    fill(county.li_ming, evaluation, "instructor")
    return Evaluation.objects.get(pk=evaluation.pk)
