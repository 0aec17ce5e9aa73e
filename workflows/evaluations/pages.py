"""What several pages and papers show of an evaluation, and to whom."""

from core.accounts.verbs import Role
from core.people.questions import questions
from workflows.evaluations.facts import fact_rows
from workflows.evaluations.models import Evaluation, Sheet


def concerned(pk: int, user) -> bool:
    """Whether an evaluation is this person's to read: a task of it may be seen by more, say by the
    instructor who came after."""
    return Evaluation.objects.visible_to(user).filter(pk=pk).exists()


def dossier(evaluation: Evaluation, user) -> dict:
    """The template context. Nothing of a form before it is opened, and never to who is not
    concerned; what officials say of the instructor is not for the firm."""
    mine = concerned(evaluation.pk, user)
    return {
        "evaluation": evaluation,
        "round": evaluation.round,
        "concerned": mine,
        "fact_rows": fact_rows(evaluation.facts),
        "sheets": shown_sheets(evaluation) if mine and evaluation.opened_at else [],
        "reads_judgement": mine and user.role != Role.CONTACT,
    }


def shown_sheets(evaluation: Evaluation) -> list[dict]:
    """Both opened forms, in the reader's language."""
    sheets = {sheet.side: sheet for sheet in evaluation.sheets.select_related("by")}
    return [shown(sheets[side], evaluation.version) for side in Sheet.Side.values]


def shown(sheet: Sheet, version) -> dict:
    said = sheet.said if sheet.state == Sheet.State.IN else None
    rows = [
        {"asks": question.asks, "kind": question.kind, "said": question.in_words(said[question.code])}
        for question in questions(sheet.side, version=version)
        if said is not None and question.code in said
    ]
    return {"sheet": sheet, "rows": rows}


def of_round(made, user):
    """The evaluations of a round within reach, with how far each is."""
    rows = Evaluation.objects.visible_to(user).filter(round=made)
    return rows.select_related("firm", "instructor").prefetch_related("sheets")


def progress(evaluations) -> dict:
    """How many of these are in, opened and filed."""
    sheets = Sheet.objects.filter(evaluation__in=evaluations.order_by().values("pk"))
    arrived = sheets.exclude(state__in=(Sheet.State.WAITING, Sheet.State.MISSING))
    return {
        "all": evaluations.count(),
        "firm": arrived.filter(side=Sheet.Side.FIRM).count(),
        "instructor": arrived.filter(side=Sheet.Side.INSTRUCTOR).count(),
        "opened": evaluations.filter(opened_at__isnull=False).count(),
        "filed": evaluations.filed().count(),
    }
