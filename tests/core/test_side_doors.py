"""Other ways to the same thing: Django's own pages, files and branches from a firm's side."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.audit.models import Event
from core.ledger.files import keep_file
from tests import county as small


@pytest.fixture
def minutes(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    pdf = SimpleUploadedFile("members.pdf", b"%PDF-1.7\n%list of members\n%%EOF")
    return keep_file(county.tea, pdf, by=county.li_ming)


def test_nobody_signs_in_or_out_of_the_administration_without_an_event(county, client):
    door = client.get("/admin/login/")
    assert (door.status_code, door.url) == (302, "/sign-in/?next=/admin/")
    typed = {"username": "zheng.guan", "password": small.PASSWORD}
    assert client.post("/admin/login/", typed).url == "/sign-in/?next=/admin/"
    assert "_auth_user_id" not in client.session
    client.force_login(county.zheng_guan)
    assert client.get("/admin/login/").url == "/admin/"
    assert client.get("/admin/password_change/").url == "/account/"
    client.post("/admin/logout/")
    assert Event.objects.filter(code="account.signed_out", by=county.zheng_guan).count() == 1


def test_who_is_no_administrator_is_told_so_and_not_sent_in_a_circle(county, signed_in):
    assert signed_in(county.wang_fang).get("/admin/", follow=True).status_code == 403


def test_an_owner_does_not_read_the_lists_of_members_among_the_evidence(county, signed_in, minutes):
    owner = signed_in(county.wu_laoban)
    assert owner.get(f"/files/{minutes.pk}/").status_code == 404
    assert "members.pdf" not in _files(owner.get(f"/firms/{county.tea.pk}/"))
    guide = signed_in(county.li_ming)
    assert guide.get(f"/files/{minutes.pk}/").status_code == 200
    assert "members.pdf" in _files(guide.get(f"/firms/{county.tea.pk}/"))


def _files(page) -> list[str]:
    return [row["file"].name for row in page.context["parts"]["files"]]


def test_a_contact_sees_only_the_branch_of_the_firm(county, signed_in):
    own, other = small.affiliated_branch("East"), small.affiliated_branch("Other")
    type(county.tea).objects.filter(pk=county.tea.pk).update(branch=own)
    owner = signed_in(county.wu_laoban)
    assert owner.get(f"/branches/{own.pk}/").status_code == 200
    assert owner.get(f"/branches/{other.pk}/").status_code == 404


def test_members_of_a_branch_are_counted_within_reach_only(county, signed_in):
    branch = small.affiliated_branch("Two townships")
    for firm in (county.tea, county.paper):
        type(firm).objects.filter(pk=firm.pk).update(branch=branch)
        small.member(firm, branch=branch)
    for who, have in ((county.li_ming, 1), (county.zhou_tao, 2), (county.sun_li, 0)):
        page = signed_in(who).get(f"/branches/{branch.pk}/")
        assert sum(count for _label, count in page.context["members"]) == have
