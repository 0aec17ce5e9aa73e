"""Who may open what: every route × every role × own, neighbouring and foreign area.

A route that is missing from the table fails, so does a row for a route that is gone. Nobody who is
not signed in gets further than the sign-in page, except on the routes of OPEN.
"""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_q.models import Task as Call

from core.accounts.absence import Leave
from core.accounts.verbs import Role
from core.credentials.acts import issue_to
from core.credentials.models import Credential, Portrait
from core.credentials.tokens import token_of
from core.exchange.models import Sheet
from core.jobs.models import Job
from core.ledger.attachments import Attachment
from core.ledger.models import FirmContact
from core.people.ties import Tie
from core.people.training import Training
from tests import county as small
from tests.access_table import (
    FAR,
    NEXT,
    OF_ASSIGNING,
    OF_EVALUATING,
    OF_FIRM,
    OF_PERSON_OR_LIST,
    OPEN,
    OWN,
    ROLES,
    TABLE,
)
from tests.workflows.evaluating import a_round, begun
from workflows.assignments.acts import propose_assignment
from workflows.assignments.models import AssignmentList
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.evaluations.links import token_of as link_token
from workflows.evaluations.models import Round
from workflows.inbox.deeds import DEEDS
from workflows.inbox.models import BulkRun, SavedFilter
from workflows.mailroom.calendars import make_link
from workflows.mailroom.models import Robot
from workflows.matching.models import Board
from workflows.recalls.acts import propose_recall


def routes(patterns=None, within=()) -> dict[str, str]:
    """Every named route of the product and its pattern. Django's own pages are tested apart."""
    found = {}
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if getattr(each, "app_name", None) == "admin":
            continue
        if hasattr(each, "url_patterns"):
            inner = (*within, each.namespace) if each.namespace else within
            found |= routes(each.url_patterns, inner)
        else:
            found[":".join((*within, each.name or str(each.pattern)))] = str(each.pattern)
    return found


@pytest.fixture
def places(county, settings, tmp_path):
    """For each place: a firm, a proposal about it, its first task, its instructor and a person."""
    settings.MEDIA_ROOT = tmp_path
    spots = {
        OWN: (county.tea, county.li_ming, county.guide_li),
        "line": (county.mall, county.chen_jing, county.guide_li),
        NEXT: (county.paper, county.zhao_qiang, county.guide_zhao),
        FAR: (county.brick, county.gao_yuan, county.guide_gao),
    }
    county.places = {}
    for where, (firm, proposer, guide) in spots.items():
        small.union(firm)
        blank = small.firm(f"{firm.name} works", firm.area, line=firm.line)
        small.assign(guide, county.mall if where == "line" else blank)
        asked = propose(
            firm, "organise_mass", by=proposer, on=county.today, reason="It has a union now."
        )
        county.places[where] = SimpleNamespace(
            firm=firm, blank=blank, request=asked, instructor=guide, person=proposer,
            member=small.member(firm),
            branch=small.affiliated_branch(f"{firm.name} branch", firm.area),
            file=Attachment.objects.create(
                firm=firm, county=firm.county, name="minutes.pdf", content_type="application/pdf",
                size=4, sha256="0" * 64, by=proposer, file=ContentFile(b"%PDF", "minutes"),
            ),
            task=Task.objects.human().get(process=asked),
            robot=Robot.objects.create(
                name="Group", maker="wecom", role="township", area=firm.area, url="https://x",
                kept_by=county.zheng_guan,
            ),
            token="never" if where == FAR else make_link(proposer, at=timezone.now()),
            **of_inbox(proposer, county),
            board=board_of(firm, guide, county),
            **card_of(guide, county, where),
            job=job_of(firm, where, county), call=failed_call(where),
            **of_evaluating(firm, where, county), **of_register(firm, guide, where, county),
            **of_assigning(firm, guide, county),
        )  # fmt: skip
    return county


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
        "list": AssignmentList.objects.create(
            county=firm.county, year=2026, number=firm.pk, issued_on=county.today, issued_by=office
        ),
    }


def of_register(firm, guide, where, county) -> dict:
    """A training of an instructor, and an Excel file that a township sent."""
    by = {OWN: county.wang_fang, "line": county.wang_fang, NEXT: county.he_jun}
    by = by.get(where, county.gao_yuan)
    cells = {"name": guide.name, "sending_unit": guide.sending_unit, "phone": "x"}
    return {
        "training": Training.objects.create(
            instructor=guide, day=county.today, days=1, subject=str(firm.pk), by=by
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


def address_of(route: str, at) -> str:
    """The route's address for what lies at a place."""
    return reverse(route, args=args_of(route, at) or None)


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
    if room == "mailroom" and name.startswith("robot") and name != "robot_new":
        return [at.robot.pk]
    if room == "matching":
        return [] if name == "board" else [at.board.pk]
    if route == "mailroom:calendar":
        return [at.token]
    return []


def args_of_credentials(name: str, at) -> list:
    if name == "check":
        return [at.check]
    if name in ("list", "print"):
        return []
    if name in ("issue", "portrait", "portrait_new"):
        return [at.instructor.pk]
    return [at.credential.pk, *(["suspend"] if name == "move" else [])]


def test_every_route_is_in_the_table():
    assert {route for route, _method, _where in TABLE} == set(routes())


def test_every_route_with_an_object_is_tried_far_away():
    with_object = {name for name, pattern in routes().items() if "<" in pattern}
    assert with_object == {route for route, _method, where in TABLE if where == FAR}


@pytest.mark.parametrize("route", sorted({route for route, _method, _where in TABLE}))
def test_access(route, places):
    if route == "coverage:propose":  # about a firm without an open proposal
        FirmContact.objects.update(firm=places.places[OWN].blank)
    cells = [cell for cell in TABLE if cell[0] == route]
    assert {cell: answers(cell, places) for cell in cells} == {cell: TABLE[cell] for cell in cells}


def answers(cell, places) -> str:
    """What each role is answered, in the words of the table. Nothing that it does lasts."""
    route, method, where = cell
    got = []
    for role in ROLES:
        browser = Client(raise_request_exception=False)
        browser.force_login(places.by_role[role])
        with transaction.atomic():
            at = places.places["line" if role == Role.LINE and where == OWN else where]
            got.append(str(browser.generic(method, address_of(route, at)).status_code))
            transaction.set_rollback(True)
    return " ".join(got)


def test_strangers_get_no_further_than_the_sign_in_page(places, client):
    for route in routes().keys() - OPEN:
        address = address_of(route, places.places[OWN])
        for method in ("GET", "POST"):
            answer = client.generic(method, address)
            assert answer.status_code == 302, route
            assert answer.url.startswith("/sign-in/?next="), route


def test_strangers_see_only_the_sign_in_page_and_the_health(client, db):
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/healthz").status_code in (200, 503)
    assert client.post("/sign-out/").status_code == 302


def test_no_page_needs_inline_code_and_every_page_has_its_headers(places):
    """The policy forbids inline scripts and styles, so no page may have any."""
    inline = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", re.I)
    for role, route in pages_shown():
        browser = Client()
        browser.force_login(places.by_role[role])
        answer = browser.get(address_of(route, places.places[OWN]))
        assert answer.headers["X-Content-Type-Options"] == "nosniff", route
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue  # files and papers have a policy of their own
        assert not inline.search(answer.content.decode()), route
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, route
        for needed in ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
            assert needed in policy, route
        assert answer.headers["X-Frame-Options"] == "DENY", route
        assert answer.headers["Referrer-Policy"] == "same-origin", route
        assert "geolocation=()" in answer.headers["Permissions-Policy"], route
        assert "no-store" in answer.headers["Cache-Control"], route


def pages_shown():
    """For each page, a role that sees it."""
    for (route, method, where), answers in TABLE.items():
        if method == "GET" and where == OWN and "200" in answers.split():
            yield ROLES[answers.split().index("200")], route
    yield Role.COUNTY, "inbox:queue"
    yield Role.TOWNSHIP, "inbox:task"
