"""The trail tells of every change that was made behind its back, and the database refuses them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.audit import guard
from core.audit.models import ChainHead, Event, Seal
from core.audit.record import digest_of, record
from core.audit.seal import begin_anew, seal
from core.audit.sentences import sentence
from core.audit.timeline import timeline
from core.audit.verify import verify
from tests.county import EAST

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def seal_file(settings, tmp_path):
    settings.AUDIT_SEAL_FILE = tmp_path / "seals.log"
    return settings.AUDIT_SEAL_FILE


@pytest.fixture
def hours_later(monkeypatch):
    """`hours_later(2)`: the clock that events are stamped with goes on."""
    start = timezone.now()
    return lambda hours: monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=hours))


@pytest.fixture
def story(county):
    """Five events at the tea firm, two at the paper firm, one in Li Ming's own chain."""
    for firm, times in ((county.tea, 5), (county.paper, 2)):
        for _time in range(times):
            record("firm.registered", by=county.wang_fang, firm=firm, firm_name=firm.name)
    record("account.signed_in", by=county.li_ming, chain=f"user:{county.li_ming.pk}", area=EAST)
    county.chain = f"firm:{county.tea.pk}"
    return county


def sealed() -> Seal:
    """A seal over everything that is there."""
    return seal(timezone.now() + timedelta(minutes=11))


def tamper(statement: str, *values) -> None:
    """Change the trail as somebody with the database's password could."""
    connection.check_constraints()  # PostgreSQL alters no table while some are still to be checked
    guard.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    connection.check_constraints()
    guard.install(connection)


def faults() -> str:
    return "\n".join(verify().faults)


def test_what_was_recorded_is_in_place(story, capsys):
    sealed()
    call_command("verify_audit")
    assert "8 events in 3 chains, all in place" in capsys.readouterr().out


def test_an_event_reads_the_same_after_a_round_trip(county):
    event = record("firm.registered", by=None, firm=county.tea, firm_name="茶\0企\ud800")
    fresh = Event.objects.get(pk=event.pk)
    assert digest_of(fresh, "") == event.digest == fresh.digest
    whole_second = Event(chain="x", place=1, at=datetime(2014, 12, 1, tzinfo=UTC), words={})
    assert digest_of(whole_second, "") == digest_of(whole_second, "")


def test_recording_takes_three_statements_at_most(county, django_assert_num_queries):
    record("account.signed_in", by=county.li_ming, chain="user:1")
    few = 2 if connection.vendor == "postgresql" else 3
    with transaction.atomic(), django_assert_num_queries(few):
        record("account.signed_in", by=county.li_ming, chain="user:1")


def test_a_code_without_a_sentence_is_refused(county):
    with pytest.raises(KeyError):
        record("firm.exploded", by=None)
    with pytest.raises(KeyError):
        record("firm.registered", by=None, firm=county.tea)
    assert not Event.objects.exists()


def test_a_changed_word_is_found(story):
    tamper(
        "UPDATE core_event SET words = %s WHERE chain = %s AND place = 3",
        json.dumps({"firm_name": "Somebody Else"}), story.chain,
    )  # fmt: skip
    assert f"{story.chain}, place 3" in faults()
    assert verify().faults == [f"Chain {story.chain}, place 3: this event was changed or inserted."]


def test_a_changed_person_is_found(story):
    tamper(
        "UPDATE core_event SET by_id = %s WHERE chain = %s AND place = 2",
        story.zhou_tao.pk, story.chain,
    )  # fmt: skip
    assert f"{story.chain}, place 2: this event was changed" in faults()


def test_an_event_removed_from_the_middle_is_found(story):
    tamper("DELETE FROM core_event WHERE chain = %s AND place IN (2, 3)", story.chain)
    assert f"{story.chain}, places 2 to 3: these events were removed" in faults()


def test_an_event_removed_from_the_end_is_found(story):
    tamper("DELETE FROM core_event WHERE chain = %s AND place = 5", story.chain)
    assert f"{story.chain}, place 5: this event was removed" in faults()


def test_a_removed_end_with_the_heads_place_mended_is_found(story):
    tamper("DELETE FROM core_event WHERE chain = %s AND place = 5", story.chain)
    ChainHead.objects.filter(chain=story.chain).update(place=4)
    assert f"{story.chain}, after place 4: the end was removed" in faults()


def test_a_removed_end_with_the_whole_head_mended_shows_in_the_seal(story):
    sealed()
    tamper("DELETE FROM core_event WHERE chain = %s AND place = 5", story.chain)
    last = Event.objects.get(chain=story.chain, place=4)
    ChainHead.objects.filter(chain=story.chain).update(place=4, digest=last.digest)
    assert "set over 8 events in 3 chains; now there are 7 events in 3 chains" in faults()


def test_a_whole_chain_removed_leaves_its_head(story):
    tamper("DELETE FROM core_event WHERE chain = %s", story.chain)
    assert f"{story.chain}: all of its 5 events were removed" in faults()


def test_a_whole_chain_removed_with_its_head_shows_in_every_seal(story, hours_later):
    sealed()
    hours_later(2)
    record("account.signed_out", by=story.li_ming, chain="user:x", area=EAST)
    sealed()
    tamper("DELETE FROM core_event WHERE chain = %s", story.chain)
    ChainHead.objects.filter(chain=story.chain).delete()
    assert "set over 8 events in 3 chains; now there are 3 events in 2 chains" in faults()
    assert len(verify().faults) == 2


def test_an_inserted_event_is_found(story):
    forged = Event.objects.get(chain=story.chain, place=5)
    forged.pk, forged.place = None, 6
    forged.save(force_insert=True)
    assert f"{story.chain}, place 6: this event was changed or inserted" in faults()


def test_an_event_moved_to_another_chain_is_found(story):
    tamper(
        "UPDATE core_event SET chain = %s, place = 3 WHERE chain = %s AND place = 5",
        f"firm:{story.paper.pk}", story.chain,
    )  # fmt: skip
    assert f"firm:{story.paper.pk}, place 3: this event was changed or inserted" in faults()
    assert f"{story.chain}, place 5: this event was removed" in faults()


def test_the_command_fails_and_says_how_many(story):
    tamper("DELETE FROM core_event WHERE chain = %s AND place = 5", story.chain)
    with pytest.raises(CommandError, match="1 faults among 7 events in 3 chains"):
        call_command("verify_audit")


def test_later_events_do_not_disturb_older_seals(story, hours_later):
    assert (sealed().chains, sealed().events) == (3, 8)
    hours_later(2)
    record("account.signed_out", by=story.li_ming, chain="user:new", area=EAST)
    record("firm.registered", by=None, firm=story.tea, firm_name="x")
    later = sealed()
    assert (later.chains, later.events) == (4, 10)
    assert faults() == ""


def test_a_seal_leaves_out_what_may_still_be_under_way(story):
    assert seal(timezone.now()).events == 0


def test_a_seal_taken_out_of_the_database_is_found(story, seal_file):
    made = sealed()
    tamper("DELETE FROM core_seal WHERE id = %s", made.pk)
    assert "The seal file has a seal that the database lacks" in faults()


def test_a_seal_taken_out_of_the_file_is_found(story, seal_file):
    sealed()
    seal_file.unlink()
    assert "The database has a seal that the seal file lacks" in faults()


def test_a_seal_made_anew_over_a_shorter_trail_is_found(story, seal_file):
    """Who rewrites row and file but lacks the key cannot make the digest."""
    made = sealed()
    tamper("UPDATE core_seal SET events = 3 WHERE id = %s", made.pk)
    assert "the seal file lacks" in faults()


def test_the_database_refuses_update_and_delete(story):
    event, made = Event.objects.first(), sealed()
    acts = (
        lambda: Event.objects.filter(pk=event.pk).update(code="firm.changed"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
        lambda: Seal.objects.filter(pk=made.pk).update(events=1),
        lambda: Seal.objects.all().delete(),
        lambda: event.save(),
    )
    for act in acts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert faults() == ""


def test_the_database_refuses_to_empty_or_replace(story):
    if connection.vendor == "postgresql":
        statement = "TRUNCATE core_event CASCADE"
    else:
        statement = (
            "INSERT OR REPLACE INTO core_event"
            " SELECT id, chain, place, at, 'firm.changed', words, area, digest, by_id, firm_id"
            " FROM core_event LIMIT 1"
        )
    connection.check_constraints()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_missing_trigger_is_told(story):
    connection.check_constraints()
    guard.remove(connection)
    assert "no longer refuses changes" in faults()
    guard.install(connection)
    assert faults() == ""


def test_a_case_tells_its_story_to_who_sees_it(story):
    record("member.recorded", by=story.wang_fang, firm=story.tea, firm_name="tea")
    record("file.opened", by=story.sun_li, firm=story.tea, name="minutes.pdf")

    def codes(user):
        return [event.code for event in timeline(story.tea, user)]

    registered = ["firm.registered"] * 5
    assert codes(story.li_ming) == ["member.recorded", *registered]
    assert codes(story.sun_li) == ["member.recorded", *registered]
    assert codes(story.wu_laoban) == registered  # the firm does not learn who is a member
    assert codes(story.he_jun) == codes(story.gao_yuan) == []


def test_the_trail_shows_one_area_and_filters(story, signed_in):
    record("firm.registered", by=story.gao_yuan, firm=story.brick, firm_name="Nanhu Brick")
    browser = signed_in(story.sun_li)

    def told(**asked):
        page = browser.get("/audit/", asked)
        return [sentence(line["event"]) for line in page.context["lines"]]

    assert "registered Nanhu Brick" not in told()
    assert len(told()) == 8
    assert told(person="Li Ming") == ["signed in"]
    assert told(firm="west") == ["registered West Paper"] * 2
    assert told(code="account.signed_in") == ["signed in"]
    tomorrow = story.today + timedelta(days=1)
    assert told(since=tomorrow.isoformat()) == []
    assert len(told(since=story.today.isoformat(), until=story.today.isoformat())) == 8
    assert browser.get("/audit/", {"since": "yesterday"}).status_code == 422


def test_the_trail_turns_pages_without_losing_or_repeating(county, signed_in):
    for number in range(120):
        record("account.signed_in", by=county.li_ming, chain=f"user:{number % 7}", area=EAST)
    browser, seen, before = signed_in(county.sun_li), [], ""
    for _page in range(3):
        page = browser.get("/audit/", {"before": before})
        seen += [line["event"].pk for line in page.context["lines"]]
        before = page.context["before"]
    assert before == "" and len(seen) == len(set(seen)) == 120
    assert browser.get("/audit/", {"before": "nonsense,x"}).status_code == 200


@pytest.mark.parametrize("role", ["li_ming", "wang_fang", "chen_jing", "wu_laoban"])
def test_the_trail_is_only_for_who_reads_the_audit(county, signed_in, role):
    assert signed_in(getattr(county, role)).get("/audit/").status_code == 403


def test_seals_of_a_database_that_is_gone_accuse_no_new_one(db, settings):
    now = timezone.now()
    assert begin_anew(now) is None  # there is nothing to put aside
    settings.AUDIT_SEAL_FILE.write_text("2026-01-01 2026-01-01 3 9 abc\n")
    assert verify().faults
    aside = begin_anew(now)
    assert aside.read_text().endswith("abc\n") and not settings.AUDIT_SEAL_FILE.exists()
    assert not verify().faults


def test_seals_stay_where_anything_was_recorded(story, settings):
    settings.AUDIT_SEAL_FILE.write_text("2026-01-01 2026-01-01 3 9 abc\n")
    assert begin_anew(timezone.now()) is None and settings.AUDIT_SEAL_FILE.exists()
