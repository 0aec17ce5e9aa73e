"""Nobody reads a form before its time: not in the database, not on a page, not through a notice."""

import base64
import binascii
import json
import re
import zlib
from pathlib import Path

import pytest
from django.conf import settings as product
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.verbs import Role
from core.sealing import CannotOpen, new_salt, seal, unseal
from tests import county as small
from tests.access_table import OWN, TABLE
from tests.test_access import address_of, places  # noqa: F401
from tests.workflows.evaluating import MARK, answers, sheet, step, typed
from tests.workflows.test_digest import MONDAY, wants
from workflows.engine.models import Task
from workflows.evaluations import acts
from workflows.evaluations.closing import finish
from workflows.evaluations.links import give_link, token_of
from workflows.evaluations.models import Evaluation, Sheet
from workflows.evaluations.rounds import close_round
from workflows.evaluations.sheets import draft_of, keep_draft
from workflows.inbox.comments import comment
from workflows.mailroom.round import run
from workflows.nightly import night, sweep

PACKED = re.compile(rb"[A-Za-z0-9+/_=-]{40,}")


def everything_kept(tmp_path) -> bytes:
    """Every row of every table as the database has it, and every file; what is packed also unpacked."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [repr(value).encode() for row in cursor.fetchall() for value in row]
    found += [path.read_bytes() for path in Path(tmp_path).rglob("*") if path.is_file()]
    raw = b"\n".join(found)
    return raw + b"\n".join(_unpacked(raw))


def _unpacked(raw: bytes):
    for packed in PACKED.findall(raw):
        for part in packed.split(b"."):
            try:
                plain = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
            yield plain
            try:
                yield zlib.decompress(plain)
            except zlib.error:
                continue


def readable(raw: bytes) -> bool:
    """The mark itself, also as JSON and in UTF-16."""
    return any(MARK.encode(kind) in raw for kind in ("utf-8", "utf-16-le"))


@pytest.fixture
def one_side_in(places):  # noqa: F811
    """The tea firm's form is in; its instructor has a draft; each says the mark."""
    evaluation = places.places[OWN].evaluation
    acts.hand_in(
        step(evaluation, "firm_form"), by=places.wu_laoban, at=timezone.now(),
        answers=answers(evaluation, "firm"),
    )  # fmt: skip
    keep_draft(
        sheet(evaluation, "instructor"), {"answers": {"wishes": MARK}, "declined": MARK},
        by=places.li_ming, at=timezone.now(),
    )  # fmt: skip
    places.evaluation = evaluation
    return places


def test_what_is_kept_tells_nothing(one_side_in, tmp_path):
    night(one_side_in.today)
    sweep()
    kept = everything_kept(tmp_path)
    assert b"evaluation.handed_in" in kept  # the whole database was read
    assert not readable(kept)
    acts.hand_in(
        step(one_side_in.evaluation, "instructor_form"), by=one_side_in.li_ming, at=timezone.now(),
        answers=answers(one_side_in.evaluation, "instructor", "Fine."),
    )  # fmt: skip
    assert readable(everything_kept(tmp_path))  # the search finds it once it is there


def addresses(county):
    """Every page of the table, and those of this evaluation, for every role."""
    for route, method, where in TABLE:
        if method == "GET" and where == OWN:
            yield address_of(route, county.places[OWN])
    for task in Task.objects.human().filter(process=county.evaluation.pk):
        yield task.get_absolute_url()
    yield reverse("coverage:case", args=[county.evaluation.firm_id])
    yield reverse("live:since") + "?since=0"


def test_no_page_of_any_role_tells_it(one_side_in):
    own_draft = {address for address in addresses(one_side_in) if "/tasks/" in address}
    seen = 0
    for role, user in one_side_in.by_role.items():
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        for address in addresses(one_side_in):
            if role == Role.INSTRUCTOR and address in own_draft:
                continue  # the writer sees their own draft, and nobody else's
            answer = browser.get(address)
            assert not readable(b"".join(answer)), (role, address)
            seen += answer.status_code == 200
    assert seen > 200


def test_the_administration_pages_tell_nothing(one_side_in):
    browser = Client()
    browser.force_login(one_side_in.zheng_guan)
    index = browser.get("/admin/").content.decode()
    lists = set(re.findall(r'href="(/admin/[a-z_]+/[a-z_]+/)"', index))
    assert "/admin/core/event/" in lists
    for address in lists:
        page = browser.get(address).content.decode()
        assert MARK not in page, address
        for row in re.findall(rf'href="({address}\d+/change/[^"]*)"', page)[:20]:
            assert MARK not in browser.get(row).content.decode(), row
    assert not any("evaluation" in address or "sheet" in address for address in lists)


def test_no_letter_tells_it(one_side_in):
    people = list(one_side_in.by_role.values())
    for person in people:
        wants(person)
    run(MONDAY)
    assert mail.outbox
    for letter in mail.outbox:
        assert MARK not in letter.body + str(letter.alternatives)


def test_what_was_typed_when_the_session_ended_is_sealed_too(one_side_in, client, tmp_path):
    task = step(one_side_in.evaluation, "instructor_form")
    given = {"username": "li.ming", "password": small.PASSWORD}
    client.post("/sign-in/", given)
    client.cookies.pop(product.SESSION_COOKIE_NAME)
    asked = client.post(task.get_absolute_url(), typed(one_side_in.evaluation, "instructor"))
    assert "/sign-in/" in asked.url
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert any("kept" in one for one in kept)
    assert MARK not in json.dumps(kept)
    assert not readable(everything_kept(tmp_path))
    client.post("/sign-in/", given)
    assert MARK in client.get(task.get_absolute_url()).content.decode()  # and is there again


def test_beside_a_sealed_form_people_still_talk(one_side_in):
    task = step(one_side_in.evaluation, "instructor_form")
    said = comment(task, by=one_side_in.wang_fang, text="Please by Friday.", at=timezone.now())
    assert said.text == "Please by Friday."


def test_a_form_is_read_with_its_own_key_in_its_own_row_only(one_side_in):
    one = sheet(one_side_in.evaluation, "firm")
    other = one_side_in.places["next"].evaluation.sheets.get(side="firm")
    assert unseal(one.sealed, salt=one.salt, whose=one.whose())["answers"]["wishes"] == MARK
    for salt, whose, secret in (
        (one.salt, other.whose(), ""), (other.salt, one.whose(), ""), (one.salt, one.whose(), "x"),
    ):  # fmt: skip
        with pytest.raises(CannotOpen):
            unseal(one.sealed, salt=salt, whose=whose, secret=secret)


def test_a_draft_is_its_writers(one_side_in):
    one = sheet(one_side_in.evaluation, "instructor")
    assert draft_of(one, by=one_side_in.li_ming)["declined"] == MARK
    for other in (one_side_in.zhou_tao, one_side_in.zheng_guan, None):
        assert draft_of(one, by=other) is None
    Sheet.objects.filter(pk=one.pk).update(draft_by=one_side_in.zheng_guan)  # by hand, in the table
    assert draft_of(sheet(one_side_in.evaluation, "instructor"), by=one_side_in.zheng_guan) is None


def test_the_office_that_gave_the_link_reads_no_draft_with_it(one_side_in):
    evaluation = one_side_in.places["next"].evaluation
    one = give_link(evaluation, by=one_side_in.he_jun, at=timezone.now())
    phone, office = Client(), Client()
    address = reverse("evaluations:link", args=[token_of(one)])

    assert phone.post(
        address, typed(evaluation, "firm", save="1")
    ).status_code == 302  # fmt: skip
    assert MARK in phone.get(address).content.decode()
    seen = office.get(address).content.decode()
    assert MARK not in seen and "begun on another phone" in seen
    office.force_login(one_side_in.he_jun)
    assert office.get(address).status_code == 403


def test_a_key_that_was_exchanged(one_side_in, settings):
    evaluation = one_side_in.evaluation
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    one = sheet(evaluation, "firm")
    assert unseal(one.sealed, salt=one.salt, whose=one.whose())["declined"] == ""
    settings.SECRET_KEY_FALLBACKS = []
    close_round(evaluation.round, by=one_side_in.zhou_tao, at=timezone.now())
    finish(evaluation.round_id)
    one.refresh_from_db()
    assert (one.state, one.sealed) == ("lost", "")
    assert Evaluation.objects.get(pk=evaluation.pk).opened_at  # the rest of the way is not lost


def test_sealing_says_the_same_back():
    salt = new_salt()
    words = {"text": "有意见：很好", "list": ["a", "b"]}
    assert unseal(seal(words, salt=salt, whose="x"), salt=salt, whose="x") == words
