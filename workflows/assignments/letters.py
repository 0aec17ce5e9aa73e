"""The official letter about an issued list: a request, an answer or a notice. Its number and what it
says are core's; here is only which list it is about and who stands on it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.credentials.models import Credential
from core.credentials.moves import State
from core.errors import Refused
from core.ledger.names import spoken
from core.ledger.permits import allow_in
from core.letters.acts import VERB, write_letter
from core.letters.models import Letter, Letterhead
from core.papers.letter import LetterFacts, ListRow, letter_of_list
from workflows.assignments.models import AssignmentList


def subject_of(made: AssignmentList) -> str:
    return f"assignment_list:{made.pk}"


def letters_of(made: AssignmentList, user) -> dict[str, Letter]:
    """The letters about a list that a person may read, by kind."""
    found = Letter.objects.visible_to(user).filter(subject=subject_of(made))
    return {letter.kind: letter for letter in found}


def rows_of(made: AssignmentList) -> list[ListRow]:
    """Everybody on a list, in the order of the firms; the number is that of the credential."""
    asked = made.requests.select_related("firm", "instructor__unit").order_by("firm_id")
    people = [one.instructor_id for one in asked]
    held = Credential.objects.filter(instructor__in=people).exclude(state=State.REVOKED)
    numbers = dict(held.values_list("instructor_id", "number"))
    return [
        ListRow(
            one.firm.name, one.instructor.name, one.instructor.sending_unit,
            numbers.get(one.instructor_id, ""),
        )
        for one in asked
    ]  # fmt: skip


def facts_of(
    made: AssignmentList, head: Letterhead, *, kind, number, day, recipient, answers=""
) -> LetterFacts:
    """What the letter says with these words. Raises Refused for a list on which nobody stands."""
    return letter_of_list(
        head.organ, number, day.year, rows_of(made), kind=kind, word=head.word, recipient=recipient,
        signed=head.signed, day=day, copies=spoken(head.copies), issued_by=head.issued_by,
        signer=head.signer, contact=head.contact, answers=answers,
    )  # fmt: skip


def write_about(made: AssignmentList, *, kind, number, day, recipient, answers="", by, on) -> Letter:
    """Number the letter about a list. Raises Refused as `write_letter` does, and for a day before
    that of the list."""
    allow_in(by, VERB, made.county)
    if day < made.issued_on:
        raise Refused(
            Refused.BAD_INPUT,
            _("The list was issued on %(day)s. Give a day from then on.")
            % {"day": date_format(made.issued_on)},
        )

    def say(head: Letterhead) -> LetterFacts:
        return facts_of(
            made, head, kind=kind, number=number, day=day, recipient=recipient, answers=answers
        )

    return write_letter(say, subject=subject_of(made), kind=kind, number=number, day=day, by=by, on=on)
