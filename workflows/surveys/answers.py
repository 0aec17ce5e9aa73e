"""What is said of a firm in a round: as it stands, with differences, not found; and what the office
makes of that. Each act holds the firm first and its row then, and is one transaction."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.absence import stood_in_for
from core.accounts.models import Area
from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.acts import change, shown
from core.ledger.models import Firm
from core.ledger.permits import allow, locked
from core.ledger.scope import reaches_alone
from core.written import TEXT_AT_MOST, written
from workflows.notices.tell import tell
from workflows.surveys.models import LateAnswer, SurveyFirm, SurveyRound
from workflows.surveys.rounds import not_over
from workflows.surveys.whose import say_moved

State, Outcome, Reason = SurveyFirm.State, SurveyFirm.Outcome, SurveyFirm.Reason
IN_TIME, LATE = "in_time", "late"


def answer(
    row: SurveyFirm, *, changes: dict, version: int, by, on: date, at: datetime, typed: dict
) -> str:
    """Confirm a firm's entry as it stands, or with `changes` (field → value), which the ledger takes.

    IN_TIME; or LATE, when the round was closed meanwhile: what was `typed` is kept for the person.
    Raises Refused: FASTER when the entry changed since the page with `version` was opened, or when
    somebody has answered.
    """

    def act(now: SurveyFirm, firm: Firm) -> None:
        if now.state == State.NOT_FOUND and by.may("settle_survey") and not now.moved:
            now.outcome = now.moves_to = ""  # found after all
        elif now.state != State.OPEN:
            raise Refused(Refused.FASTER, said_already(now))
        if firm.version != version:
            raise Refused(
                Refused.FASTER,
                _("The entry was changed since you opened this page. Look at both, and send it again."),
            )
        before = {name: shown(firm, name) for name in changes}
        after = change(firm, by=by, on=on, version=version, verb="answer_survey", **changes)
        now.changes = {
            name: [was, shown(after, name)] for name, was in before.items() if was != shown(after, name)
        }
        now.state = State.CHANGED if now.changes else State.CONFIRMED
        _answered(now, firm, by=by, at=at)
        what = {"what": ", ".join(now.changes)} if now.changes else {}
        _record(str(now.state), now, after, by=by, **what)

    return _in_time(row, act, by=by, at=at, typed=typed)


def not_found(row: SurveyFirm, *, reason: str, words: str, by, at: datetime, typed: dict) -> str:
    """Say that a firm was not found, and why: the office says what became of it. As `answer`."""
    if reason not in Reason.values:
        raise Refused(Refused.BAD_INPUT, _("Choose what you found."))
    if reason == Reason.OTHER or words.strip():
        words = written(words, _("Say in a sentence what you found."))

    def act(now: SurveyFirm, firm: Firm) -> None:
        if now.state != State.OPEN:
            raise Refused(Refused.FASTER, said_already(now))
        now.state, now.reason, now.words = State.NOT_FOUND, reason, words.strip()
        _answered(now, firm, by=by, at=at)
        event = _record("not_found", now, firm, by=by, survey_reason=reason)
        tell(event, area=firm.area, levels=[Role.TOWNSHIP])

    return _in_time(row, act, by=by, at=at, typed=typed)


@transaction.atomic
def settle(
    row: SurveyFirm, *, outcome: str, moves_to: str, version: int, by, on: date, at: datetime
) -> SurveyFirm:
    """The office says what became of a firm that was not found. That it has closed changes nothing
    in the ledger: closing is proposed by its own way. That it has moved changes its area; to where
    the office does not register, the county office does it. Raises Refused."""
    now, firm = _held(row, by=by, verb="settle_survey")
    if now.state != State.NOT_FOUND or now.moved:
        raise Refused(Refused.FASTER, said_already(now))
    if outcome not in Outcome.values:
        raise Refused(Refused.BAD_INPUT, _("Choose what became of the firm."))
    now.outcome, now.moves_to = outcome, ""
    if outcome == Outcome.MOVED:
        _move(now, firm, moves_to, version=version, by=by, on=on)
    now.settled_by, now.settled_at = by, at
    now.save()
    _record("settled", now, firm, by=by, survey_outcome=outcome)
    say_moved(now)
    return now


def _move(now: SurveyFirm, firm: Firm, moves_to: str, *, version: int, by, on: date) -> None:
    there = Area.objects.filter(pk=moves_to, code__startswith=firm.county)
    if not there.exclude(kind=Area.Kind.COUNTY).exists() or moves_to == firm.area:
        raise Refused(
            Refused.BAD_INPUT,
            _("Choose the township to which it has moved. Left the county? Then say that it closed."),
        )
    now.moves_to = moves_to
    if by.area and moves_to.startswith(by.area):
        change(firm, by=by, on=on, version=version, area=moves_to)
        now.moved, now.area = True, moves_to


@transaction.atomic
def take_back(row: SurveyFirm, *, by) -> SurveyFirm:
    """Make a firm open again whose answer changed nothing in the ledger: a slip of the thumb. Done
    by who answered, or by the office. Raises Refused."""
    now, firm = _held(row, by=by, verb="answer_survey")
    if now.state == State.OPEN:
        return now
    if not may_take_back(now, by):
        raise Refused(
            Refused.NOT_NOW,
            _("This answer changed the ledger, or is not yours. Change the firm's entry instead."),
        )
    now.state, now.reason, now.words, now.outcome, now.moves_to = State.OPEN, "", "", "", ""
    now.answered_by = now.in_place_of = now.answered_at = now.settled_by = now.settled_at = None
    now.save()
    _record("taken_back", now, firm, by=by)
    say_moved(now)
    return now


def may_take_back(row: SurveyFirm, by) -> bool:
    """Whether an answer is of the kind, and the person's, that `take_back` takes."""
    own = row.answered_by_id == by.pk or by.may("settle_survey")
    return own and not row.moved and row.state in (State.CONFIRMED, State.NOT_FOUND)


def said_already(row: SurveyFirm) -> str:
    if row.answered_by is None:
        return _("This was taken back meanwhile. Open the page again.")
    return _("%(name)s already answered this on %(day)s: %(state)s. Nothing of yours was saved.") % {
        "name": row.answered_by.name,
        "day": date_format(timezone.localtime(row.answered_at), "DATETIME_FORMAT"),
        "state": row.get_state_display(),
    }


def _in_time(row: SurveyFirm, act, *, by, at: datetime, typed: dict) -> str:
    try:
        with transaction.atomic():
            now, firm = _held(row, by=by, verb="answer_survey")
            act(now, firm)
            return IN_TIME
    except Refused:
        # Written after the rollback, and only where the closing is what stood in the way.
        came_late = SurveyRound.objects.filter(pk=row.round_id, closed_at__isnull=False).exists()
        seen = SurveyFirm.objects.visible_to(by).filter(pk=row.pk, state=State.OPEN).exists()
        if not (came_late and seen and by.may("answer_survey")):
            raise
    _keep(row, typed, by=by, at=at)
    return LATE


@transaction.atomic
def _keep(row: SurveyFirm, typed: dict, *, by, at: datetime) -> None:
    typed = {label: text[:TEXT_AT_MOST] for label, text in typed.items()}
    LateAnswer.objects.update_or_create(row=row, by=by, defaults={"at": at, "typed": typed})
    _record("came_late", row, Firm.objects.get(pk=row.firm_id), by=by)


def _held(row: SurveyFirm, *, by, verb: str) -> tuple[SurveyFirm, Firm]:
    """The row and its firm as they are, the firm held first. Whoever closes a round holds all its
    rows, so what is read of the round behind the row's lock stays true. Raises Refused."""
    allow(by, verb)
    firm = locked(Firm(pk=row.firm_id), by=by, verb=verb)
    now = SurveyFirm.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    now.round = SurveyRound.objects.get(pk=now.round_id)
    not_over(now.round)
    return now, firm


def _answered(now: SurveyFirm, firm: Firm, *, by, at: datetime) -> None:
    near = {"area": firm.area, "line_id": firm.line_id, "firm_id": firm.pk}
    absent = None
    if not reaches_alone(by, **near):
        absent = next((one for one in stood_in_for(by) if reaches_alone(one, **near)), None)
    now.answered_by, now.answered_at, now.in_place_of = by, at, absent
    now.save()
    say_moved(now)


def _record(happened: str, row: SurveyFirm, firm: Firm, *, by, **more):
    if row.in_place_of_id and row.answered_by_id == by.pk:
        more["in_place_of"] = row.in_place_of.name
    title = row.round.title
    return record(f"survey.{happened}", by=by, firm=firm, title=title, firm_name=firm.name, **more)
