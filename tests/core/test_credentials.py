"""Credentials: numbers that never repeat, moves through one door, cards that count their copies."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from core import rulebook
from core.audit.models import Event
from core.credentials import cards, layout, printing
from core.credentials.acts import expire_what_is_over, issue_to, move
from core.credentials.models import Card, Credential, CredentialSeries
from core.credentials.moves import BY_CALENDAR, BY_VERB, MOVES, State
from core.errors import Refused
from core.jobs import run as worker
from core.jobs.models import Job
from core.number_template import filled, objection
from core.people.terms import record_left, renew_term
from core.rulebook import RulebookError, read
from tests import county as small
from tests.core.test_rulebook import TEXT

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def issued(county, name="Lin Na", **more) -> Credential:
    who = small.instructor(name, **more)
    return issue_to(who, by=county.zhou_tao, on=county.today)


def at(state, county) -> Credential:
    """A credential that is in a state now, past the door."""
    made = issued(county, f"Guide {state} {uuid4()}")
    Credential.objects.filter(pk=made.pk).update(state=state)
    return Credential.objects.get(pk=made.pk)


# ── numbers ────────────────────────────────────────────────────────────────────────────────────
def test_numbers_count_up_within_the_county_and_year(county):
    year = county.today.year
    assert [issued(county, f"G {n}").number for n in range(3)] == [
        f"139901-{year}-{serial:03d}" for serial in (1, 2, 3)
    ]
    away = small.person("lin.na", small.Role.COUNTY, small.AWAY)
    assert issue_to(county.guide_gao, by=away, on=county.today).number == f"139902-{year}-001"


def test_a_serial_that_outgrows_its_digits_takes_more(county):
    CredentialSeries.objects.create(county=small.COUNTY, year=county.today.year, last=999)
    assert issued(county).number.endswith("-1000")
    assert issued(county, "Another").number.endswith("-1001")


def test_an_act_that_fails_leaves_no_gap(county):
    with pytest.raises(RuntimeError), transaction.atomic():
        issued(county)
        raise RuntimeError
    assert issued(county, "Another").number.endswith("-001")


def test_issuing_twice_gives_the_same_one_back(county):
    first = issue_to(county.guide_li, by=county.zhou_tao, on=county.today)
    assert issue_to(county.guide_li, by=county.zhou_tao, on=county.today) == first
    assert Card.objects.count() == 1


def test_the_number_outlives_a_reassignment_and_is_never_given_again(county):
    first = issue_to(county.guide_li, by=county.zhou_tao, on=county.today)
    small.assign_away(county.tea, county.guide_zhao)
    assert issue_to(county.guide_li, by=county.zhou_tao, on=county.today).number == first.number
    move(first, "revoke", by=county.zhou_tao, on=county.today, reason="Misuse.")
    second = issue_to(county.guide_li, by=county.zhou_tao, on=county.today)
    assert second.number != first.number
    assert issued(county).serial == second.serial + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=second.pk).update(number=first.number)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{area6}-{year4}", "exactly one"),
        ("{area6}-{serial3}", "without {year4}"),
        ("{year4}-{serial3}", "two counties"),
        ("{area6}-{year4}-{serial3}-{serial3}", "exactly one"),
        ("{area6}-{year4}-{serial0}", "exactly one"),
        ("{area6}-{year2}-{serial3}", "not known"),
        ("{area6}-{month2}-{serial3}", "not known"),
        ("{area6}-{year4}-{serial3}{", "may hold"),
    ],
)
def test_a_template_that_would_repeat_stops_the_start(template, said):
    assert said in objection(template)
    with pytest.raises(RulebookError, match="credential_number"):
        read(TEXT.replace("{area6}-{year4}-{serial3}", template))


def test_templates_that_hold_are_taken():
    for template in (
        "{area6}-{year4}-{serial3}",
        "指导〔{year4}〕{area6}{serial4}",
        "{area6}{running5}",
    ):
        assert objection(template) == ""
    given = {"county": "350425", "year": 2026, "serial": 7}
    assert filled("指导〔{year4}〕{area6}-{running5}", **given) == "指导〔2026〕350425-00007"


def test_a_running_count_goes_on_over_the_years(county, monkeypatch):
    text = TEXT.replace("{area6}-{year4}-{serial3}", "{area6}-{running3}")
    monkeypatch.setattr(rulebook, "RULES", read(text))
    assert issued(county).number == "139901-001"
    later = county.today + timedelta(days=300)
    assert issue_to(county.guide_li, by=county.zhou_tao, on=later).number == "139901-002"


# ── the door ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("verb", sorted(set(BY_VERB) - set(BY_CALENDAR)))
@pytest.mark.parametrize("state", State.values)
def test_every_cell_of_the_table(verb, state, county):
    held, row = at(state, county), BY_VERB[verb]
    if verb == "renew":
        county_later = held.valid_until + timedelta(days=90)
        held.instructor.__class__.objects.update(term_until=county_later)
    if state in row.source:
        after = move(held, verb, by=county.zhou_tao, on=county.today, reason="Because.")
        assert after.state == row.target
        assert after.moves.first().verb == verb
        return
    with pytest.raises(Refused) as refusal:
        move(held, verb, by=county.zhou_tao, on=county.today, reason="Because.")
    assert refusal.value.code == Refused.FASTER
    assert Credential.objects.get(pk=held.pk).state == state


@pytest.mark.parametrize("verb", [row.verb for row in MOVES if row.reason])
def test_what_takes_something_away_needs_a_reason(verb, county):
    held = issued(county)
    with pytest.raises(Refused, match="Say why"):
        move(held, verb, by=county.zhou_tao, on=county.today, reason="  ")
    assert Credential.objects.get(pk=held.pk).state == State.ISSUED


def test_only_the_county_office_of_the_place_may(county):
    held = issued(county)
    away = small.person("lin.na", small.Role.COUNTY, small.AWAY)
    for stranger in (county.wang_fang, county.li_ming, county.zheng_guan, away):
        with pytest.raises(Refused) as refusal:
            move(held, "suspend", by=stranger, on=county.today, reason="x")
        assert refusal.value.code == Refused.NOT_YOURS
        with pytest.raises(Refused):
            issue_to(county.guide_li, by=stranger, on=county.today)


def test_a_lost_card_is_replaced_by_another_one_of_the_same_number(county):
    held = issued(county)
    old = held.card
    move(held, "lose", by=county.zhou_tao, on=county.today, reason="On the bus.")
    assert held.card is None
    now = move(held, "replace", by=county.zhou_tao, on=county.today, reason="Lost.")
    assert (now.number, now.card.issue) == (held.number, 2)
    assert now.card.nonce != old.nonce
    assert Event.objects.filter(chain=f"credential:{held.pk}").count() == 3


def test_the_calendar_ends_what_is_over_and_a_new_term_renews_it(county):
    held = issued(county)
    over = held.valid_until + timedelta(days=1)
    assert expire_what_is_over(on=held.valid_until) == 0
    assert expire_what_is_over(on=over) == 1
    assert expire_what_is_over(on=over) == 0
    held = Credential.objects.get(pk=held.pk)
    assert held.state == State.EXPIRED and held.card is None
    with pytest.raises(Refused, match="must be renewed"):
        issue_to(held.instructor, by=county.zhou_tao, on=over)
    renew_term(held.instructor, begins="today", by=county.zhou_tao, on=over)
    again = issue_to(held.instructor, by=county.zhou_tao, on=over)
    assert (again.pk, again.number, again.state) == (held.pk, held.number, State.ISSUED)
    assert again.valid_until > over


def test_who_leaves_has_no_credential_from_that_moment(county):
    held = issued(county)
    record_left(held.instructor, left_on=county.today, by=county.zhou_tao, on=county.today)
    assert Credential.objects.get(pk=held.pk).state == State.EXPIRED


def test_issuing_on_the_page_and_sending_it_twice(county, signed_in):
    browser, page = signed_in(county.zhou_tao), f"/instructors/{county.guide_li.pk}/credential/"
    assert b"Issue" in browser.get(page).content
    form = {"key": str(uuid4())}
    first, second = browser.post(page, form), browser.post(page, form)
    assert first.status_code == 302 and first.url == second.url
    shown = browser.get(first.url).content.decode()
    assert Credential.objects.get().number in shown and "Hand out the card" in shown
    lost = browser.post(f"{first.url}lose/", {"key": str(uuid4()), "reason": ""})
    assert lost.status_code == 422 and b"Please fill this in." in lost.content
    assert browser.post(f"{first.url}expire/", {"key": str(uuid4())}).status_code == 404


def test_the_list_costs_the_same_for_any_number_of_rows(
    county, signed_in, django_assert_max_num_queries
):
    for n in range(20):
        issued(county, f"Guide {n}")
    browser = signed_in(county.zhou_tao)
    browser.get("/credentials/")
    with django_assert_max_num_queries(20):
        page = browser.get("/credentials/?which=issued&q=Guide").content.decode()
    assert page.count('name="pk"') == 20
    assert "Guide 3" not in browser.get("/credentials/?which=revoked").content.decode()
    assert "Li Ming" in browser.get("/credentials/?which=none").content.decode()


# ── printing ───────────────────────────────────────────────────────────────────────────────────
RARE = ("㛃䶮", "𬬮𬭎𫖯", "王小明", "欧阳修远", "阿卜杜热西提·买买提艾力")


def text_of(pdf: bytes) -> list[str]:
    return ["".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(pdf)).pages]


def test_one_card_has_two_pages_of_its_size_and_is_counted(county, signed_in):
    held = issued(county, RARE[1])
    small.assign(held.instructor, small.firm("青岚县茶业公司"))
    answer = signed_in(county.zhou_tao).post(f"/credentials/{held.pk}/card/")
    assert answer.status_code == 200, answer.content.decode()
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert [round(float(side) / 72 * 25.4, 1) for side in pages[0].mediabox[2:]] == [85.6, 54.0]
    front, back = text_of(answer.content)
    assert RARE[1] in front and held.number in front
    assert "青岚县茶业公司" in back and "12380" in back
    assert (held.card.copies, held.card.template) == (1, layout.TEMPLATE)


def test_a_card_is_counted_once_for_each_press_and_never_for_a_look(county, signed_in):
    held, key = issued(county), str(uuid4())
    office, address = signed_in(county.zhou_tao), f"/credentials/{held.pk}/card/"
    assert office.get(address).status_code == 405
    assert held.card.copies == 0
    for sent in (key, key):
        assert office.post(address, {"key": sent}).content.startswith(b"%PDF")
    assert held.card.copies == 1
    office.post(address, {"key": str(uuid4())})
    assert held.card.copies == 2
    assert office.post(address, {"key": "none"}).status_code == 422
    assert held.card.copies == 2


def test_a_character_without_a_font_is_named_with_its_person(county, signed_in):
    held = issued(county, "王\U0002a6b3")  # in no font that comes with the product
    answer = signed_in(county.zhou_tao).post(f"/credentials/{held.pk}/card/")
    assert answer.status_code == 422
    assert "王\U0002a6b3: no font has \U0002a6b3 (U+2A6B3)" in answer.content.decode()
    assert held.card.copies == 0


def start(county, signed_in, **typed) -> Job:
    form = {"key": str(uuid4()), "place": small.EAST, "layout": "sheets", **typed}
    answer = signed_in(county.zhou_tao).post("/credentials/print/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.get(pk=answer.url.split("/")[2])


def worked(job: Job) -> Job:
    worker.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def many(county):
    return [issued(county, f"{RARE[n % 5]}{n}") for n in range(12)]


def test_a_townships_cards_lie_on_sheets_each_back_behind_its_front(
    county, many, signed_in, monkeypatch
):
    monkeypatch.setattr(printing, "PART", 10)
    job = worked(start(county, signed_in))
    assert (job.state, job.done, job.total) == ("done", 12, 12), job.error
    pdf = (worker.files.folder_of(job) / "cards.pdf").read_bytes()
    pages = text_of(pdf)
    assert len(pages) == 4
    for place, held in enumerate(many):
        assert held.instructor.name in pages[place // 10 * 2]
        assert held.number in pages[place // 10 * 2]
    assert set(Card.objects.values_list("copies", flat=True)) == {1}
    front, back = layout.spots(back=False), layout.spots(back=True)
    for one, other in zip(front, back, strict=True):
        mirrored = layout.SHEET[0] - one.left - layout.WIDTH
        assert (other.left, other.top) == (pytest.approx(mirrored), one.top)


def test_a_job_that_is_stopped_goes_on_and_counts_each_card_once(county, many, signed_in, monkeypatch):
    monkeypatch.setattr(printing, "PART", 4)
    monkeypatch.setattr(printing, "WRITTEN", 5)
    monkeypatch.setattr(worker, "SLICE", 0)
    job = start(county, signed_in, layout="singles")
    slices = 0
    while job.state != "done":
        worked(job)
        slices += 1
        assert slices < 20, job.error
    assert slices > 4
    pages = text_of((worker.files.folder_of(job) / "cards.pdf").read_bytes())
    assert len(pages) == 24
    assert set(Card.objects.values_list("copies", flat=True)) == {1}


def test_a_job_fails_with_the_person_and_the_character(county, many, signed_in):
    issued(county, "李\U0002a6b3")
    job = worked(start(county, signed_in))
    assert job.state == "failed"
    assert "李\U0002a6b3" in job.error and "U+2A6B3" in job.error
    assert set(Card.objects.values_list("copies", flat=True)) == {0}


def test_only_the_ticked_ones_and_none_that_is_over(county, many, signed_in):
    for held in many[:2]:
        move(held, "revoke", by=county.zhou_tao, on=county.today, reason="Over.")
    ticked = ",".join(str(held.pk) for held in many[:4])
    job = worked(start(county, signed_in, place="chosen", chosen=ticked))
    assert (job.state, job.total) == ("done", 2), job.error
    form = {"key": str(uuid4()), "place": "chosen", "chosen": str(many[0].pk), "layout": "sheets"}
    answer = signed_in(county.zhou_tao).post(reverse("credentials:print"), form)
    assert answer.status_code == 422 and b"None of these" in answer.content


def test_long_names_and_many_firms_find_room(county):
    face = cards.Face(
        "阿卜杜热西提·买买提艾力", "1", "单位", tuple("甲乙丙丁戊己"), timezone.localdate(),
        timezone.localdate(), "https://x/c/1",
    )  # fmt: skip
    assert face.words["firms"] == ["甲", "乙", "丙", "丁", "等另外 2 家"]
    assert face.words["long_name"]
