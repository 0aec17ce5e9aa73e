"""The survey of the demo county: a round under way, with answers of every kind."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import Area
from core.ledger.models import Firm
from workflows.surveys import answers
from workflows.surveys.models import SurveyFirm
from workflows.surveys.rounds import open_round


def surveys(scene) -> None:
    """The county looks at the firms of the visitor's township; the visitor has some still to answer."""
    area = Area.objects.get(pk=scene["township"].area[:9])
    with scene.ago(6) as at:
        made = open_round(
            title=f"{at.year}年非公企业摸底普查", areas=[area], until=scene.on + timedelta(days=24),
            key=uuid4(), by=scene["county"], on=timezone.localdate(at), at=at,
        )  # fmt: skip
    rows = list(made.firms.exclude(firm__assignments__instructor__user=scene["instructor"])
                .select_related("firm").order_by("firm_id")[:9])  # fmt: skip
    with scene.ago(2) as at:
        for row in rows[:6]:
            _answer(row, scene["township"], at)
        _answer(rows[6], scene["township"], at, contact_phone="0912 6000321")
        for row, words in ((rows[7], "大门上锁，门口有转租告示。"), (rows[8], "")):
            answers.not_found(
                row, reason=SurveyFirm.Reason.NOBODY, words=words, by=scene["township"], at=at,
                typed={},
            )  # fmt: skip


def _answer(row, by, at, **changes) -> None:
    version = Firm.objects.values_list("version", flat=True).get(pk=row.firm_id)
    answers.answer(
        row, changes=changes, version=version, by=by, on=timezone.localdate(at), at=at, typed={}
    )
