"""The letterhead of an office, and the numbers of its letters: given once, frozen for ever."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.letters.acts import keep_letterhead, next_number, paper_of, write_letter
from core.letters.models import Letter, Letterhead
from core.papers.letter import Kind, ListRow, letter_of_list
from core.papers.paper import PaperError
from tests import county as small
from tests.core.test_letters import pages

pytestmark = pytest.mark.usefixtures("english")
SAID = {
    "organ": "中共清河县非公党工委文件", "word": "清非公工委发", "signed": "中共清河县非公党工委",
    "upward": "县委组织部", "downward": "各乡镇党委", "copies": "县委办公室，县政府办公室",
    "issued_by": "", "signer": "周涛", "contact": "周涛，0690-5123456",
}  # fmt: skip
ROWS = [ListRow("陈𫖯茶业", "王䶮", "县农业农村局", "139901-2026-001")]


def keep(by, **more) -> Letterhead:
    return keep_letterhead(by=by, **(SAID | more))


def write(by, on, *, subject="list:1", kind=Kind.NOTICE, number=1, day=None, rows=ROWS):
    day = day or on

    def say(head):
        return letter_of_list(
            head.organ, number, day.year, rows, kind=kind, word=head.word, signed=head.signed,
            recipient=head.downward, day=day, signer=head.signer, contact=head.contact,
            answers="《请示》",
        )  # fmt: skip

    return write_letter(say, subject=subject, kind=kind, number=number, day=day, by=by, on=on)


def test_a_letterhead_is_kept_and_each_change_is_on_record(county):
    keep(county.zhou_tao)
    head = keep(county.zhou_tao, version=1, signer="陈静")
    assert (head.area, head.signer, head.copies) == (small.COUNTY, "陈静", "县委办公室、县政府办公室")
    first, second = Event.objects.filter(code="letterhead.kept").order_by("pk")
    assert (second.words["letter_what"], second.area) == ("signer", small.COUNTY)
    assert "who signs requests off" in sentence(second)


def test_a_colleagues_change_is_not_overwritten(county):
    keep(county.zhou_tao)
    keep(county.zhou_tao, version=1, signer="陈静")
    with pytest.raises(Refused, check=lambda no: no.code == Refused.FASTER):
        keep(county.zhou_tao, version=1, signer="李明")
    assert Letterhead.objects.get().signer == "陈静"


def test_what_has_not_changed_is_no_event(county):
    keep(county.zhou_tao)
    assert keep(county.zhou_tao, version=1).version == 1
    assert Event.objects.filter(code="letterhead.kept").count() == 1


@pytest.mark.parametrize("role", ["instructor", "township", "line", "unit", "auditor"])
def test_only_the_office_that_issues_keeps_a_letterhead(county, role):
    with pytest.raises(Refused, check=lambda no: no.code == Refused.NOT_YOURS):
        keep(county.by_role[role])
    assert not Letterhead.objects.exists()


def test_a_letterhead_without_its_organ_says_what_it_lacks(county):
    with pytest.raises(Refused, match="name in the red head"):
        keep(county.zhou_tao, organ=" ")


def test_a_letter_stays_as_it_was_whatever_changes_later(county):
    keep(county.zhou_tao)
    made = write(county.zhou_tao, county.today)
    before = pages(paper_of(made))
    keep(county.zhou_tao, version=1, organ="新机关文件", signed="新机关", word="新发")
    again = write(county.zhou_tao, county.today, number=7, rows=[ListRow("别的", "别人", "别处")])
    assert (again.pk, again.written_number) == (made.pk, f"清非公工委发〔{county.today.year}〕1号")
    assert pages(paper_of(Letter.objects.get(pk=made.pk))) == before
    assert "陈𫖯茶业" in "".join(before)
    assert Event.objects.filter(code="letter.written").count() == 1


def test_each_kind_about_a_list_is_a_letter_of_its_own(county):
    keep(county.zhou_tao)
    made = [write(county.zhou_tao, county.today, kind=kind, number=n) for n, kind in enumerate(Kind, 1)]
    assert len({one.pk for one in made}) == 3
    assert next_number(small.COUNTY, county.today.year) == 4


def test_a_number_is_given_once_in_a_year(county):
    keep(county.zhou_tao)
    write(county.zhou_tao, county.today, number=3)
    with pytest.raises(Refused, match="The next free one is 4"):
        write(county.zhou_tao, county.today, subject="list:2", number=3)
    last_year = county.today.replace(year=county.today.year - 1, day=1)
    assert write(county.zhou_tao, county.today, subject="list:2", number=3, day=last_year)


def test_the_database_knows_each_number_once_too(county):
    given = {"area": small.COUNTY, "year": 2026, "number": 1, "day": county.today, "facts": {}}
    Letter.objects.create(subject="a", kind="notice", by=county.zhou_tao, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(subject="b", kind="notice", by=county.zhou_tao, **given)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"day": timedelta(days=1)}, "in the future"),
        ({"rows": []}, "Nobody stands on this list"),
    ],
)
def test_what_cannot_be_a_letter_takes_no_number(county, more, says):
    keep(county.zhou_tao)
    more = {key: county.today + said if key == "day" else said for key, said in more.items()}
    with pytest.raises(Refused, match=says):
        write(county.zhou_tao, county.today, **more)
    assert not Letter.objects.exists()


def test_a_request_whose_letterhead_names_no_signer_says_so(county):
    keep(county.zhou_tao, signer="")
    with pytest.raises(Refused, match="who signs it off"):
        write(county.zhou_tao, county.today, kind=Kind.REQUEST)


def test_without_a_letterhead_nothing_is_written(county):
    with pytest.raises(Refused, match="Keep the letterhead"):
        write(county.zhou_tao, county.today)


def test_a_character_without_a_font_is_named_and_no_number_is_lost(county):
    keep(county.zhou_tao)
    rows = [*ROWS, ListRow("甲厂", "王\ue123", "县农业农村局")]
    with pytest.raises(PaperError, match=r"甲厂.*U\+E123"):
        write(county.zhou_tao, county.today, rows=rows)
    assert next_number(small.COUNTY, county.today.year) == 1


def test_who_reads_a_letter(county):
    keep(county.zhou_tao)
    write(county.zhou_tao, county.today)
    reads = {role for role, who in county.by_role.items() if Letter.objects.visible_to(who).exists()}
    assert reads == {"county", "auditor", "administrator"}
    assert not Letter.objects.visible_to(small.person("lin.na", small.Role.COUNTY, small.AWAY)).exists()
