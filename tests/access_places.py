"""What the access test asks for at each place: one row of each kind that an address can name, and
which of them an address names."""

from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone
from django_q.models import Task as Call

from core.accounts.absence import Leave
from core.accounts.verbs import Role
from core.contact_cards.models import TierContact
from core.credentials.acts import issue_to
from core.credentials.models import Credential, Portrait
from core.credentials.tokens import token_of
from core.exchange.models import Sheet
from core.figures.printed import PrintedFigure
from core.imports.models import Import
from core.jobs.models import Job
from core.letters.frozen import frozen
from core.letters.models import Letter, Letterhead
from core.papers.letter import LetterFacts
from core.people.assigning import unassign
from core.people.ties import Tie
from core.people.training import Training
from tests import county as small
from tests.access_table import (
    FAR,
    NEXT,
    OWN,
)
from tests.workflows.evaluating import a_round, begun
from workflows.assignments.acts import propose_assignment
from workflows.assignments.models import AssignmentList
from workflows.evaluations.links import token_of as link_token
from workflows.evaluations.models import Round
from workflows.handovers.models import Handover
from workflows.inbox.deeds import DEEDS
from workflows.inbox.models import BulkRun, SavedFilter
from workflows.matching.models import Board
from workflows.recalls.acts import propose_recall

OF_FIRM = "firm_edit mass_organisation_new file_new member_new guidance guidance_new assign unassign"
OF_PERSON_OR_LIST = {
    "leave_of": "person", "leave_end": "leave", "bulk_run": "run", "filter_remove": "kept",
    "training_undo": "training", "sheet": "sheet",
    "tie_end": "tie", "printed_reading": "printed", "printed_back": "printed",
}  # fmt: skip
OF_EVALUATING = {
    "round": "round", "round_close": "round", "round_slips": "round", "round_summary": "round",
    "summary_paper": "round", "evaluation": "evaluation", "draft": "evaluation", "slip": "evaluation",
    "form": "evaluation", "link": "link",
}  # fmt: skip
OF_ASSIGNING = {
    "assignments:propose": "unguided", "assignments:propose_for": "instructor",
    "assignments:request": "sending", "assignments:withdraw": "sending", "assignments:issued": "list",
    "handovers:handover": "handover", "handovers:pack": "handover",
    "recalls:recall": "blank", "recalls:request": "recall", "recalls:withdraw": "recall",
}  # fmt: skip


def card_of(guide, county, where) -> dict:
    """The credential of an instructor with its photo, and what the QR code of its card says."""
    if not Credential.objects.filter(instructor=guide).exists():
        keeper = county.zhou_tao if guide.county == small.COUNTY else small.person(
            "lin.na", Role.COUNTY, small.AWAY
        )  # fmt: skip
        issue_to(guide, by=keeper, on=county.today)
        Portrait.objects.create(
            instructor=guide, by=keeper, file=ContentFile(b"\xff\xd8\xff", "portrait.jpg")
        )
    held = Credential.objects.get(instructor=guide)
    return {"credential": held, "check": "never" if where == FAR else token_of(held.card.nonce)}


def of_inbox(proposer, county) -> dict:
    """What a person has beside their tasks: a leave, an act on many, a filter that they keep."""
    return {
        "leave": Leave.objects.create(
            person=proposer,
            substitute=county.he_jun,
            by=proposer,
            since=county.today + timedelta(days=30),
            until=county.today + timedelta(days=40),
        ),
        "run": BulkRun.objects.create(
            key=uuid4(),
            by=proposer,
            at=timezone.now(),
            act="nudge",
            results=[[1, False, "No."]],
            tasks=[1],
        ),
        "kept": SavedFilter.objects.create(
            owner=proposer,
            name="late",
            which="mine",
            query="late=1",
            role=proposer.role,
            area=proposer.area,
            line=proposer.line,
        ),
    }


def of_evaluating(firm, where, county) -> dict:
    """A round of the firm's county, the evaluation of its assignment, and the firm's link to it."""
    county.rounds = getattr(county, "rounds", {})
    if firm.county not in county.rounds:
        made = a_round(county)
        Round.objects.filter(pk=made.pk).update(county=firm.county)
        county.rounds[firm.county] = Round.objects.get(pk=made.pk)
    if not firm.assignments.exists():
        small.assign(county.guide_li, firm)
    evaluation = begun(county, firm, county.rounds[firm.county])
    form = evaluation.sheets.get(side="firm")
    form.link_until = county.today + timedelta(days=9)
    form.save()
    link = "never" if where == FAR else link_token(form)
    return {"round": evaluation.round, "evaluation": evaluation, "link": link}


def of_assigning(firm, guide, county) -> dict:
    """A firm without an instructor, one for which its place's is proposed, a list, a recall, a tie."""
    area, line = firm.area, firm.line
    own = firm.county == small.COUNTY
    office = county.zhou_tao if own else small.person("yuan.xin", Role.COUNTY, firm.county)
    inn = small.firm(f"{firm.name}2", area, line=line)
    if not firm.assignments.exists():
        small.assign(guide, firm)
    return {
        "unguided": small.firm(f"{firm.name}3", area, line=line),
        "sending": propose_assignment(inn, guide, by=office, at=timezone.now()),
        "tie": Tie.objects.create(
            instructor=guide, firm=inn, kind="relative", declared_on=county.today, by=office
        ),
        "recall": propose_recall(firm, reason="post", words="2026", by=office),
        "handover": handover_of(area, line, guide, office, county),
        "list": AssignmentList.objects.create(
            county=firm.county, year=2026, number=firm.pk, issued_on=county.today, issued_by=office
        ),
    }


def handover_of(area, line, guide, office, county) -> Handover:
    """The handover of a firm that an instructor guided until today."""
    left = small.assign(guide, small.firm(f"{guide.name}4", area, line=line))
    unassign(left.firm, until=county.today, reason="asked", by=office, on=county.today)
    return left.handover


def of_papers(firm, county) -> dict:
    """A letter of the firm's county with its letterhead, and a leader who is named for its place."""
    by = county.zhou_tao
    said = {
        "organ": "Office of Qinghe", "word": "QH", "signed": "Office of Qinghe", "downward": "Towns"
    }  # fmt: skip
    Letterhead.objects.get_or_create(area=firm.county, defaults=said)
    facts = LetterFacts(organ="Office", number="1", title="Letter", recipient="Towns", signed="Office",
                        paragraphs=["So it is."], date=county.today)  # fmt: skip
    return {
        "letter": Letter.objects.create(
            area=firm.county, subject=f"firm:{firm.pk}", kind="notice", year=2026, number=firm.pk,
            day=county.today, facts=frozen(facts), by=by,
        ),
        "leader": TierContact.objects.get_or_create(
            tier="county_leader", county=firm.county, area=firm.area, until=None, firm=None,
            defaults={"name": "An", "post": "head", "phone": "12345", "since": county.today, "by": by},
        )[0],
    }  # fmt: skip


def of_register(firm, guide, where, county) -> dict:
    """A training of an instructor, a printed figure and an Excel file of a township."""
    by = {OWN: county.wang_fang, "line": county.wang_fang, NEXT: county.he_jun}
    by = by.get(where, county.gao_yuan)
    cells = {"name": guide.name, "sending_unit": guide.sending_unit, "phone": "x"}
    return {
        "training": Training.objects.create(
            instructor=guide, day=county.today, days=1, subject=str(firm.pk), by=by
        ),
        "printed": PrintedFigure.objects.create(
            area=firm.area[:9], report="2026", on=county.today, label=firm.name, printed="3", by=by
        ),
        "import": Import.objects.create(
            by=by, area=firm.area, name="firms.xlsx", digest="0" * 64, state=Import.State.FAILED
        ),
        "sheet": Sheet.objects.create(
            by=by, name="people.xlsx", rows=[{"row": 2, "cells": cells, "slips": []}]
        ),
    }


def job_of(firm, where, county) -> Job:
    """Long work that the township or the line of a firm started."""
    by = {OWN: county.wang_fang, "line": county.chen_jing, NEXT: county.he_jun, FAR: county.gao_yuan}
    return Job.objects.create(
        kind="approval_forms", by=by[where], county=firm.county, area=firm.area, line=firm.line,
        words={"place": "East", "since": "2026-01-01", "until": "2026-02-01"}, language="en",
    )  # fmt: skip


def board_of(firm, guide, county) -> Board:
    """Pairs that the township of a firm had worked out."""
    now = timezone.now()
    board = Board.objects.create(by=county.zhou_tao, office=firm.area, county=firm.county,
                                 area_id=firm.area, on=county.today, made_at=now)  # fmt: skip
    board.rows.create(firm=firm, instructor=guide, reasons=[["room", {"will": 2, "usual": 3}]])
    return board


def failed_call(where) -> str:
    """A call of the queue that failed; elsewhere one that is gone."""
    if where == OWN:
        now = timezone.now()
        return Call.objects.create(id="f" * 32, name="x", func="core.jobs.keep.keep", success=False,
                                   started=now, stopped=now).pk  # fmt: skip
    return "gone"


def args_of(route: str, at) -> list:
    room, _colon, name = route.rpartition(":")
    if route == "coverage:propose":
        return [at.blank.pk, "organise_mass"]
    if room == "evaluations":
        found = getattr(at, OF_EVALUATING[name]) if name in OF_EVALUATING else None
        return [] if found is None else [getattr(found, "pk", found)]
    if route in OF_ASSIGNING:
        return [getattr(at, OF_ASSIGNING[route]).pk]
    if route == "coverage:case":
        return [at.firm.pk]
    if name in OF_FIRM.split():
        return [at.firm.pk]
    if name.startswith("instructor_") and name != "instructor_new":
        return [at.instructor.pk]
    if room != "jobs" and name in ("file", "branch", "instructor"):
        return [getattr(at, name).pk]
    if name in ("member", "member_left", "member_kind"):
        return [at.member.pk]
    if room in ("letters", "contact_cards") or route == "assignments:letter":
        return args_of_papers(name, route, at)
    if room == "credentials":
        return args_of_credentials(name, at)
    if route == "jobs:queue_again":
        return [at.call]
    if room == "jobs":
        return [] if name in ("mine", "queue") else [at.job.pk]
    if room == "coverage" and name in ("request", "withdraw", "approval_form"):
        return [at.request.pk]
    if name in OF_PERSON_OR_LIST:
        return [getattr(at, OF_PERSON_OR_LIST[name]).pk]
    if room == "inbox" and (name == "task" or name in DEEDS):
        return [at.task.pk]
    if name in ("person", "person_edit", "person_close", "person_reopen"):
        return [at.person.pk]
    if name == "behind":
        return ["instructors"]
    if room == "matching":
        return [] if name == "board" else [at.board.pk]
    return args_of_mail(name, at) if room == "mailroom" else []


def args_of_mail(name: str, at) -> list:
    if name.startswith("robot") and name != "robot_new":
        return [at.robot.pk]
    return [at.token] if name == "calendar" else []


def args_of_papers(name: str, route: str, at) -> list:
    if route == "assignments:letter":
        return [at.list.pk, "notice"]
    if name in ("letter", "paper"):
        return [at.letter.pk]
    if name in ("letterhead", "tiers", "print"):
        return []
    if name == "of_area":
        return [at.firm.area, "section_leader"]
    if name == "end":
        return [at.leader.pk]
    return [at.firm.pk, *(["county_leader"] if name == "of_firm" else [])]


def args_of_credentials(name: str, at) -> list:
    if name == "check":
        return [at.check]
    if name in ("list", "print"):
        return []
    if name in ("issue", "portrait", "portrait_new"):
        return [at.instructor.pk]
    return [at.credential.pk, *(["suspend"] if name == "move" else [])]
