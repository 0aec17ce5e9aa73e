"""A survey round of the small county, and what people answer in it."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import Area
from core.ledger.models import Firm
from tests import county as small
from workflows.surveys import answers
from workflows.surveys.models import SurveyFirm
from workflows.surveys.rounds import open_round


def a_survey(county, *areas, days=20, title="Autumn survey"):
    areas = Area.objects.filter(pk__in=areas or (small.EAST, small.WEST))
    return open_round(
        title=title, areas=list(areas), until=county.today + timedelta(days=days), key=uuid4(),
        by=county.zhou_tao, on=county.today, at=timezone.now(),
    )  # fmt: skip


def row_of(firm, made=None) -> SurveyFirm:
    rows = SurveyFirm.objects.filter(firm=firm)
    return (rows.filter(round=made) if made else rows).latest("pk")


def say(firm, by, *, version=None, **changes) -> str:
    now = Firm.objects.get(pk=firm.pk)
    return answers.answer(
        row_of(firm), changes=changes, version=now.version if version is None else version, by=by,
        on=timezone.localdate(), at=timezone.now(), typed={"typed": str(changes)},
    )  # fmt: skip


def miss(firm, by, reason="nobody", words="") -> str:
    return answers.not_found(
        row_of(firm), reason=reason, words=words, by=by, at=timezone.now(), typed={"typed": reason}
    )


def settle(firm, by, outcome="closed", moves_to="") -> SurveyFirm:
    now = Firm.objects.get(pk=firm.pk)
    return answers.settle(
        row_of(firm), outcome=outcome, moves_to=moves_to, version=now.version, by=by,
        on=timezone.localdate(), at=timezone.now(),
    )  # fmt: skip
