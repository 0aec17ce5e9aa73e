"""The approval form: what is on record is on the paper, for those who may see it."""

import io
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from core.audit.models import Event
from core.papers import paper
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, give_opinion, propose
from workflows.coverage.models import Opinion
from workflows.coverage.paper import approval_facts


def form_of(request) -> str:
    return reverse("coverage:approval_form", args=[request.pk])


def printed(answer) -> str:
    assert answer.status_code == 200, answer.content
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def pages(answer) -> int:
    return len(PdfReader(io.BytesIO(answer.content)).pages)


def test_the_form_says_what_was_proposed_and_decided(county, three_members, signed_in):
    small.union(county.tea)
    request = propose(
        county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="三名正式党员已转入。",
        branch_name="East Hill Tea branch",
        files=[SimpleUploadedFile("请示.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n")],
    )  # fmt: skip
    say(at_hand(request), D.APPROVE, county.wang_fang, "条件具备，同意上报。")
    say(at_hand(request), D.APPROVE, county.zhou_tao, "同意单独组建。")
    answer = signed_in(county.zhou_tao).get(form_of(request) + "?lang=en")
    text = printed(answer)
    for said in (
        "Approvalformforachangeofstage", "EastHillTea", county.tea.credit_code, "Manufacturing",
        "LiMing", "EastHillTeabranch", "三名正式党员已转入。", "1.请示.pdf", "√Foundabranchofitsown",
        "条件具备，同意上报。", "同意单独组建。", "ZhouTao", f"{county.today.year}-{request.pk:05d}",
    ):  # fmt: skip
        assert said in text, said
    assert text.count("√") == 1
    assert "WangJianguo" not in text  # a member: the form has numbers, never names
    assert pages(answer) == 1


def test_the_form_is_kept_by_nobody_and_named_in_chinese(county, own_branch, signed_in):
    answer = signed_in(county.li_ming).get(form_of(own_branch))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    disposition = unquote(answer["Content-Disposition"])
    assert disposition.startswith("inline; filename")
    assert "East Hill Tea" in disposition
    assert disposition.rstrip('"').endswith(".pdf")


def test_rounds_are_printed_in_their_order(county, own_branch, signed_in):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "请补充同意书。")
    correct(
        at_hand(own_branch), by=county.li_ming, on=county.today, at=timezone.now(),
        reason="已补充。", branch_name="East Hill Tea branch",
    )  # fmt: skip
    say(at_hand(own_branch), D.ASK, county.wang_fang, "请企业说明。", asked=county.wu_laoban)
    give_opinion(at_hand(own_branch), by=county.wu_laoban, at=timezone.now(), comment="我们支持。")
    say(at_hand(own_branch), D.APPROVE, county.wang_fang, "同意上报。")
    text = printed(signed_in(county.wang_fang).get(form_of(own_branch)))
    said = ("请补充同意书。", "请企业说明。", "我们支持。", "同意上报。")
    found = [text.index(sentence) for sentence in said]
    assert found == sorted(found)
    assert "已补充。" in text


def test_an_opinion_stands_in_the_block_of_the_one_who_asked(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang, "同意上报。")
    say(at_hand(own_branch), D.ASK, county.zhou_tao, "请乡镇说明。", asked=county.wang_fang)
    give_opinion(at_hand(own_branch), by=county.wang_fang, at=timezone.now(), comment="情况属实。")
    facts = approval_facts(own_branch, county.zhou_tao, at=own_branch.created)
    said = [{entry["text"] for entry in block["entries"]} for block in facts["blocks"]]
    assert said[1:] == [{"同意上报。"}, {"请乡镇说明。", "情况属实。"}]


def test_an_overdue_review_taken_by_the_county_stands_in_its_block(county, own_branch):
    Opinion.objects.create(
        request=own_branch, step="township_review", decision=D.APPROVE, comment="县级直接审批。",
        by=county.zhou_tao, at=own_branch.created,
    )  # fmt: skip
    _proposer, first, office = approval_facts(own_branch, county.sun_li, at=own_branch.created)[
        "blocks"
    ]
    assert first["entries"] == []
    assert (office["entries"][0]["text"], office["signed_at"]) == ("县级直接审批。", own_branch.created)


def test_printing_is_recorded(county, own_branch, signed_in):
    signed_in(county.wang_fang).get(form_of(own_branch))
    event = Event.objects.get(code="request.printed")
    assert (event.by, event.firm_id) == (county.wang_fang, county.tea.pk)


@pytest.mark.parametrize("who", ["he_jun", "zhao_qiang", "gao_yuan", "zheng_guan"])
def test_a_request_out_of_reach_does_not_exist(county, own_branch, signed_in, who):
    reader = getattr(county, who)
    expected = 200 if county.tea.area.startswith(reader.area) else 404
    assert signed_in(reader).get(form_of(own_branch)).status_code == expected
    assert Event.objects.filter(code="request.printed").exists() == (expected == 200)


def test_a_form_that_cannot_be_printed_says_why_and_leaves_no_event(county, own_branch, signed_in):
    own_branch.reason = "王\ue123"
    own_branch.save()
    answer = signed_in(county.li_ming).get(form_of(own_branch))
    assert answer.status_code == 422
    assert "U+E123" in answer.content.decode()
    assert not Event.objects.filter(code="request.printed").exists()


def test_without_a_press_the_answer_is_503_with_a_sentence(county, signed_in, monkeypatch):
    def absent():
        raise OSError("no libpango here")

    monkeypatch.setattr(paper, "_load", absent)
    answer = signed_in(county.li_ming).get(reverse("coverage:blank_form"))
    assert answer.status_code == 503
    assert "no libpango here" in answer.content.decode()


def test_the_blank_form_is_one_page_without_a_name(county, signed_in):
    answer = signed_in(county.wang_fang).get(reverse("coverage:blank_form") + "?lang=en")
    assert "EastHillTea" not in printed(answer)
    assert "√" not in printed(answer)
    assert pages(answer) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["coverage:blank_form", "coverage:approval_form"])
def test_strangers_are_sent_to_sign_in(client, page):
    answer = client.get(reverse(page, args=[1] if page.endswith("approval_form") else []))
    assert answer.status_code == 302
