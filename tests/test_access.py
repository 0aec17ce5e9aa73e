"""Who may open what: every route × every role × own, neighbouring and foreign area.

A route that is missing from the table fails, so does a row for a route that is gone. Nobody who is
not signed in gets further than the sign-in page, except on the routes of OPEN.
"""

import re
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from core.accounts.verbs import Role
from core.ledger.attachments import Attachment
from core.ledger.models import FirmContact
from tests import county as small
from tests.access_imports import TABLE as IMPORTS
from tests.access_imports import args_of_imports
from tests.access_lists import LISTS, args_of_list, of_listing
from tests.access_places import (
    args_of,
    board_of,
    card_of,
    failed_call,
    job_of,
    of_assigning,
    of_evaluating,
    of_inbox,
    of_papers,
    of_register,
)
from tests.access_reports import ROWS as REPORTS
from tests.access_reports import args_of_platforms, args_of_reports, of_reports
from tests.access_surveys import SURVEYS, args_of_survey, of_surveying
from tests.access_table import (
    FAR,
    NEXT,
    OPEN,
    OWN,
    ROLES,
)
from tests.access_table import TABLE as FIRST_TABLE
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.mailroom.calendars import make_link
from workflows.mailroom.models import Robot

TABLE = FIRST_TABLE | REPORTS | SURVEYS | LISTS | IMPORTS
ARGS = {
    "reports": args_of_reports, "api": args_of_platforms, "surveys": args_of_survey,
    "reconciling": args_of_list, "imports": args_of_imports,
}  # fmt: skip


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
            **of_inbox(proposer, county), **card_of(guide, county, where),
            board=board_of(firm, guide, county),
            job=job_of(firm, where, county), call=failed_call(where),
            **of_evaluating(firm, where, county), **of_register(firm, guide, where, county),
            **of_assigning(firm, guide, county),
            **of_papers(firm, county), **of_reports(firm, where, county),
            **of_surveying(firm, county), **of_listing(firm, county),
        )  # fmt: skip
    return county


def address_of(route: str, at) -> str:
    """The route's address for what lies at a place."""
    room, _colon, name = route.partition(":")
    args = ARGS[room](name, at) if room in ARGS else args_of(route, at)
    return reverse(route, args=args or None)


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
