"""The two forms of an evaluation: sealed when they come in, opened together, drafts for their
writers alone. Nothing else in the product seals or opens one."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.sealing import CannotOpen, seal, unseal
from workflows.evaluations.models import Evaluation, Sheet

State = Sheet.State


def make_sheets(evaluation: Evaluation) -> None:
    Sheet.objects.bulk_create([Sheet(evaluation=evaluation, side=side) for side in Sheet.Side])


def put_in(sheet: Sheet, answers: dict, *, declined: str, source: str, by, at, paper_on=None) -> None:
    """Seal what a side says. Its draft goes. Call it under the lock of the evaluation."""
    words = {"answers": {} if declined else answers, "declined": declined}
    sheet.sealed = seal(words, salt=sheet.salt, whose=sheet.whose())
    sheet.state, sheet.source, sheet.by, sheet.at = State.IN, source, by, at
    sheet.paper_on, sheet.draft, sheet.draft_by, sheet.draft_at = paper_on, "", None, None
    sheet.save()


def open_sheets(evaluation: Evaluation) -> None:
    """Both sides may be read from now on. Call it under the lock of the evaluation, when both are
    in or the round is closed."""
    for sheet in evaluation.sheets.select_for_update():
        if sheet.state == State.WAITING:
            sheet.state = State.MISSING
        elif sheet.state == State.IN:
            _open(sheet)
        sheet.save()
    evaluation.opened_at = timezone.now()
    evaluation.save(update_fields=["opened_at"])


def _open(sheet: Sheet) -> None:
    try:
        words = unseal(sheet.sealed, salt=sheet.salt, whose=sheet.whose())
    except CannotOpen:  # the old key is gone; the other side and the rest of the way are not
        sheet.sealed, sheet.state = "", State.LOST
        return
    sheet.sealed, sheet.said, sheet.declined = "", words["answers"], words["declined"]
    if sheet.declined:
        sheet.state = State.DECLINED


@transaction.atomic
def keep_draft(sheet: Sheet, typed: dict, *, at, by=None, secret: str = "") -> Sheet:
    """Keep what was typed so far, sealed for its writer: a person's for their account, a link's for
    the browser that has `secret`. No event: a draft is nobody's business. After the round closed it
    is kept as well, and shown to its writer only. Raises Refused when the form was sent already."""
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state not in (State.WAITING, State.MISSING):
        raise Refused(Refused.FASTER, _("This form was sent already; nothing was changed."))
    sheet.draft = seal(typed, salt=sheet.salt, whose=sheet.whose(by), secret=secret)
    sheet.draft_by, sheet.draft_at = by, at
    sheet.save(update_fields=["draft", "draft_by", "draft_at"])
    return sheet


def draft_of(sheet: Sheet, *, by=None, secret: str = "") -> dict | None:
    """What its writer had typed; None for anybody else, and when there is nothing."""
    if not sheet.draft or sheet.draft_by_id != (by.pk if by else None):
        return None
    try:
        return unseal(sheet.draft, salt=sheet.salt, whose=sheet.whose(by), secret=secret)
    except CannotOpen:
        return None
