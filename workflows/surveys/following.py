"""What a round follows: firms that move or close while it is open; and its line in the inbox."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.ledger.acts import WHEN_CLOSES, WHEN_REHOUSED
from core.ledger.models import Firm
from workflows.inbox.beside import BESIDE, Beside
from workflows.surveys import words  # noqa: F401 - the audit trail's words
from workflows.surveys.models import SurveyFirm, SurveyRound
from workflows.surveys.whose import waiting_by_round

State = SurveyFirm.State


def _of_open_rounds(firm: Firm):
    open_ = SurveyRound.objects.open().values("pk")
    return SurveyFirm.objects.filter(firm=firm.pk, round__in=open_)


def follow_the_firm(firm: Firm, *, by) -> None:
    """A firm in another area or line is looked at where it is now."""
    _of_open_rounds(firm).update(county=firm.county, area=firm.area, line_id=firm.line_id)


def end_with_the_firm(firm: Firm, *, by) -> None:
    """A firm that closes need not be answered any more."""
    open_ = _of_open_rounds(firm).filter(state=State.OPEN)
    open_.update(state=State.GONE, answered_by=by, answered_at=timezone.now())


def in_the_inbox(user, *, on) -> list[Beside]:
    return [
        Beside(
            _("Survey round: %(title)s") % {"title": row["round__title"]}, row["many"],
            row["round__until"], f"{reverse('surveys:mine')}?round={row['round']}",
        )
        for row in waiting_by_round(user, on=on)
    ]  # fmt: skip


WHEN_REHOUSED.append(follow_the_firm)
WHEN_CLOSES.append(end_with_the_firm)
BESIDE.append(in_the_inbox)
