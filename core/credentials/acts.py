"""The one door of credentials: issue one, move one. What the night and a leaving do, too."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.audit.sentences import teach
from core.credentials.models import Card, Credential, CredentialMove
from core.credentials.moves import BY_CALENDAR, BY_VERB, MOVES, State
from core.credentials.numbers import next_number
from core.credentials.tokens import new_nonce
from core.errors import Refused
from core.ledger.permits import allow, allow_in
from core.people.fitness import of_the_person
from core.people.models import Instructor
from core.people.terms import WHEN_LEFT

VERB = "keep_credentials"
teach("move", {f"credential.{move.verb}": move.label for move in MOVES})


@transaction.atomic
def issue_to(instructor: Instructor, *, by, on) -> Credential:
    """The credential of an instructor: the one they have, or a new one with the next number.

    Idempotent. One that has run out is renewed when a new term has begun; after a revocation a
    new number is given. Raises Refused without the verb, outside one's area, and for somebody who
    left, is no full member, or whose term is over.
    """
    allow_in(by, VERB, instructor.area)
    held = Instructor.objects.select_for_update(of=("self",)).get(pk=instructor.pk)
    _fit_to_hold(held, on)
    have = Credential.objects.select_for_update().filter(instructor=held)
    have = have.exclude(state=State.REVOKED).first()
    if have and have.state == State.EXPIRED:
        return move(have, "renew", by=by, on=on)
    if have:
        return have
    number, year, serial = next_number(held.county, on=on)
    made = Credential.objects.create(
        instructor=held, county=held.county, number=number, year=year, serial=serial,
        valid_from=max(held.term_from, on), valid_until=held.term_until,
    )  # fmt: skip
    _new_card(made, on)
    CredentialMove.objects.create(credential=made, verb="issue", target=State.ISSUED, on=on, by=by)
    _record("credential.issued", made, by=by)
    return made


@transaction.atomic
def move(credential: Credential, verb: str, *, by, on, reason: str = "") -> Credential:
    """Move a credential as the table says. Raises Refused: not yours, no such move from here, no
    reason where one is asked, or a new term that is not there."""
    allow_in(by, VERB, credential.instructor.area)
    if verb not in BY_VERB or verb in BY_CALENDAR:
        raise Refused(Refused.NO_SUCH_MOVE, _("There is no such act."))
    return _move(credential, verb, by=by, on=on, reason=reason)


def _move(credential, verb, *, by, on, reason="") -> Credential:
    """The move itself, whoever asks. `by` is None for the calendar."""
    row, reason = BY_VERB[verb], reason.strip()
    now = Credential.objects.select_for_update(of=("self",)).select_related("instructor__unit").get(
        pk=credential.pk
    )  # fmt: skip
    if now.state not in row.source:
        raise Refused(
            Refused.FASTER,
            _("The credential %(number)s is in the state “%(state)s” now; this is not possible there.")
            % {"number": now.number, "state": now.get_state_display()},
        )
    if row.reason and not reason:
        raise Refused(Refused.BAD_INPUT, _("Say why; it stays in the history of the credential."))
    if row.new_card or verb in ("hand_out", "resume"):
        _fit_to_hold(now.instructor, on)
    if verb == "renew":
        _take_term(now)
    source, now.state = now.state, row.target
    now.save()
    if row.ends_card:
        now.cards.filter(ended_on__isnull=True).update(ended_on=on, ended_by=verb)
    if row.new_card:
        _new_card(now, on)
    CredentialMove.objects.create(
        credential=now, verb=verb, source=source, target=now.state, reason=reason, on=on, by=by
    )
    _record("credential.moved", now, by=by, move=f"credential.{verb}", reason=reason)
    return now


def _fit_to_hold(instructor: Instructor, on) -> None:
    for one in of_the_person(instructor, on=on):
        if one.code in ("left", "not_full_member", "term_over"):
            raise Refused(Refused.NOT_NOW, one.sentence)


def _take_term(credential: Credential) -> None:
    """The credential's validity follows the instructor's term."""
    until = credential.instructor.term_until
    if credential.valid_until >= until:
        raise Refused(
            Refused.NOT_NOW,
            _("The credential is valid until the end of the term already. Renew the term first."),
        )
    credential.valid_until = until


def _new_card(credential: Credential, on) -> Card:
    last = credential.cards.order_by("-issue").values_list("issue", flat=True).first() or 0
    return Card.objects.create(credential=credential, issue=last + 1, nonce=new_nonce(), issued_on=on)


def _record(code: str, credential: Credential, *, by, **words) -> None:
    record(
        code, by=by, area=credential.instructor.area, chain=f"credential:{credential.pk}",
        number=credential.number, instructor=credential.instructor.name, **words,
    )  # fmt: skip


# ── without anybody's doing ────────────────────────────────────────────────────────────────────
def expire_what_is_over(*, on) -> int:
    """End the credentials whose last day has passed or whose holder left. Safe to run twice.
    Returns how many ended."""
    living = Credential.objects.living()
    over = living.filter(valid_until__lt=on) | living.filter(instructor__left_on__isnull=False)
    return sum(_expire(credential, on) for credential in over.order_by("pk"))


@transaction.atomic
def _expire(credential: Credential, on) -> bool:
    try:
        _move(credential, "expire", by=None, on=on)
    except Refused:  # moved by somebody meanwhile
        return False
    return True


def end_with_holder(instructor: Instructor, *, by, on) -> None:
    """Somebody is no instructor any more: their card is good for nothing from now on."""
    for credential in Credential.objects.living().filter(instructor=instructor):
        _move(credential, "expire", by=by, on=on)


WHEN_LEFT.append(end_with_holder)


@transaction.atomic
def count_copies(pks, *, template: str, by) -> None:
    """Write down that the cards in use of these credentials were printed once more."""
    allow(by, VERB)
    cards = Card.objects.select_for_update(of=("self",)).filter(
        credential__in=pks, ended_on__isnull=True
    )
    for card in cards.select_related("credential__instructor").order_by("pk"):
        card.copies, card.template = card.copies + 1, template
        card.save(update_fields=["copies", "template"])
        _record("credential.printed", card.credential, by=by, card=card.issue)
