"""Papers: Chinese without a font of the system, nothing fetched, nothing printed as a box."""

import importlib
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from core.papers import fonts, paper
from workflows.coverage.paper import blank_facts

pytestmark = pytest.mark.once


def printed(pdf: bytes) -> str:
    """The text of a PDF without blanks: where lines break is the printer's business."""
    return "".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


def form(**facts) -> bytes:
    return paper.render("approval_form", {**blank_facts(), **facts})


def letters(pdf: bytes) -> set[str]:
    """The fonts that a PDF brings along."""
    return {
        re.sub(r"^/[A-Z]+\+", "", font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }


def test_the_packaged_fonts_hold_the_words_of_the_forms():
    ready, sentence = fonts.fonts_ready()
    assert ready, sentence


def test_a_broken_font_is_told_before_anything_is_printed(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts.packaged, "serif_path", lambda: tmp_path / "NotoSerifSC.otf")
    ready, sentence = fonts.fonts_ready()
    assert not ready
    assert "NotoSerifSC.otf" in sentence
    with pytest.raises(paper.PaperError, check=lambda no: no.code == paper.PaperError.UNAVAILABLE):
        form()


def test_the_operators_fonts_come_first_and_the_systems_stay(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/theirs.conf")
    settings.VAR_DIR = tmp_path
    text = fonts.use_fonts().read_text(encoding="utf-8")
    folders = re.findall("<dir>(.*)</dir>", text)
    assert folders == [str(tmp_path / "fonts"), str(fonts.packaged.serif_path().parent)]
    assert ">/etc/theirs.conf</include>" in text
    assert text.index("仿宋") < text.index("Noto Serif SC")


def test_chinese_is_set_in_the_packaged_fonts():
    pdf = form(reason="经三个月培育，具备单独组建条件。")
    assert any("Noto-Serif-SC" in name or "NotoSerifSC" in name for name in letters(pdf))
    assert not any("DejaVu" in name for name in letters(pdf))


def test_rare_characters_of_names_are_printed():
    assert "陈𫖯、王䶮、李㛃" in printed(form(reason="陈𫖯、王䶮、李㛃"))


def test_a_character_without_a_font_is_named_instead_of_printed_as_a_box():
    with pytest.raises(paper.PaperError) as refusal:
        form(reason="王\ue123")
    assert refusal.value.code == paper.PaperError.BAD_INPUT
    assert "U+E123" in str(refusal.value)


def test_what_people_type_is_text_and_never_markup():
    typed = '<b>粗</b><img src="http://10.0.0.1/x.png">'
    assert typed.replace(" ", "") in printed(form(reason=typed))


def test_control_characters_of_pasted_text_are_left_out():
    assert "甲乙" in printed(form(reason="甲\x07\x0b乙"))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AA=="]
)
def test_a_paper_fetches_nothing(address):
    form()
    press = importlib.import_module("core.papers.press")
    with pytest.raises(BaseException, match="Error fetching"):  # beyond Exception: nobody may catch it
        press.press(f'<img src="{address}">', "")


@pytest.mark.parametrize("reason", ["长" * 2000, "\n".join(["句"] * 400)])
def test_a_long_reason_goes_on_overleaf_and_nothing_is_lost(reason):
    pdf = form(reason=reason)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    assert printed(pdf).count(reason[0]) == reason.count(reason[0])


def test_without_pango_the_answer_is_a_sentence(monkeypatch):
    def absent():
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(paper, "_load", absent)
    with pytest.raises(paper.PaperError) as refusal:
        form()
    assert refusal.value.code == paper.PaperError.UNAVAILABLE
    assert "libpango-1.0-0" in str(refusal.value)


def test_people_who_print_at_once_take_turns():
    with ThreadPoolExecutor(4) as people:
        papers = list(people.map(lambda n: printed(form(reason=f"第{n}份")), range(4)))
    assert all(f"第{n}份" in text for n, text in enumerate(papers))
