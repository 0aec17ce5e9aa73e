"""Official letters: where things stand on the produced page, after GB/T 9704-2012."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from pypdf import PdfReader

from core.errors import Refused
from core.papers import letter as letters
from core.papers.letter import Kind, LetterFacts, ListRow, letter, letter_of_list
from core.papers.paper import PaperError

pytestmark = pytest.mark.once

MM = 72 / 25.4  # points
LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # the block, in mm from the page's left and upper edge
DAY = date(2026, 11, 25)
GIVEN = {
    "word": "清非公工委发", "recipient": "各乡镇党委、园区党工委", "day": DAY,
    "signed": "中共清河县非公有制经济组织工作委员会",
}  # fmt: skip


def facts(**more) -> LetterFacts:
    given = {
        "organ": "清河县非公党工委文件", "number": "清非公工委发〔2026〕3号",
        "title": "关于选派党建工作指导员的通知", "recipient": "各乡镇党委",
        "paragraphs": ["同意。"], "signed": "清河县非公党工委", "date": DAY,
    }  # fmt: skip
    return LetterFacts(**(given | more))


def rows(many: int) -> list[ListRow]:
    return [
        ListRow(
            f"清河县㛃记食品有限公司第{n}厂", f"陈𫖯{n}", "清河县农业农村局", f"139901-2026-{n:03d}"
        )
        for n in range(many)
    ]


def pages(pdf: bytes) -> list[str]:
    """The text of each page without blanks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def lines_of(page) -> list[tuple[float, float, str]]:
    """Each piece of text that a page shows: mm from the left edge, from the upper one, the text."""
    found = []

    def see(text, cm, tm, _font, _size):
        if text.strip():
            x, y = pikepdf.Matrix(*cm).transform((tm[4], tm[5]))
            found.append((x / MM, 297 - y / MM, text.strip()))

    page.extract_text(visitor_text=see)
    return found


def red_shapes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, upper, right, lower edge (mm) of what the first page fills in red, letters aside."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        matrix, kept, red, path, found = pikepdf.Matrix(), [], False, [], []
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            match str(operator):
                case "q":
                    kept.append((matrix, red))
                case "Q":
                    matrix, red = kept.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "rg" | "scn":
                    red = [round(float(one), 1) for one in operands[:3]] == [0.8, 0.0, 0.1]
                case "re":
                    x, y, width, height = map(float, operands)
                    path += [matrix.transform((x, y)), matrix.transform((x + width, y + height))]
                case "m" | "l":
                    path.append(matrix.transform(tuple(map(float, operands))))
                case "f" | "f*":
                    if red and path:
                        across, down = zip(*path, strict=True)
                        edges = (min(across), 842 - max(down), max(across), 842 - min(down))
                        found.append(tuple(edge / MM for edge in edges))
                    path = []
                case "n" | "S" | "W":
                    path = [] if str(operator) != "W" else path
    return found


def boxes_of(number: int, *paragraphs: str) -> list[tuple[float, float]]:
    """First and last x (mm) of the lines of text of a page."""
    words = letters._words(facts(paragraphs=paragraphs))
    page = letters._laid_out(words, "").papers[0].pages[number]._page_box
    spans = {}
    for box in page.descendants():
        if getattr(box, "text", "").strip() and box.element_tag == "p":
            left, right = box.position_x / 96 * 25.4, (box.position_x + box.width) / 96 * 25.4
            first, last = spans.get(box.position_y, (left, right))
            spans[box.position_y] = min(first, left), max(last, right)
    return [spans[y] for y in sorted(spans)]


def test_a_page_has_22_lines_of_28_characters_in_a_block_of_156_by_225_mm():
    page = PdfReader(io.BytesIO(letter(facts(paragraphs=["党" * 3000])))).pages[1]
    body = [line for line in lines_of(page) if set(line[2]) == {"党"}]
    assert len(body) == 22
    assert {len(text) for _x, _y, text in body} == {28}
    assert all(x == pytest.approx(LEFT, abs=0.1) for x, _y, _text in body)
    steps = [after[1] - before[1] for before, after in zip(body, body[1:], strict=False)]
    assert steps == pytest.approx([225 / 22] * 21, abs=0.02)
    assert TOP < body[0][1] < TOP + 225 / 22  # the first baseline lies in the first line
    assert BOTTOM - 225 / 22 < body[-1][1] < BOTTOM


def test_the_lines_fill_the_block_from_edge_to_edge():
    for first, last in boxes_of(1, "党" * 3000):
        assert first == pytest.approx(LEFT, abs=0.05)
        assert last == pytest.approx(RIGHT, abs=0.2)


def test_a_rare_character_does_not_push_the_lines_apart():
    pdf = letter(facts(paragraphs=["党𬬮㛃䶮" * 800]))
    page = PdfReader(io.BytesIO(pdf)).pages[1]
    heights = sorted({round(y, 1) for _x, y, text in lines_of(page) if "党" in text})
    assert len(heights) == 22
    assert heights[-1] - heights[0] == pytest.approx(21 * 225 / 22, abs=0.2)


def test_the_head_is_red_over_a_red_line_as_wide_as_the_block():
    pdf = letter(facts())
    ((left, upper, right, lower),) = red_shapes(pdf)
    assert (left, right) == (pytest.approx(LEFT, abs=0.1), pytest.approx(RIGHT, abs=0.1))
    assert lower - upper == pytest.approx(0.7, abs=0.05)
    at = {text: y for _x, y, text in lines_of(PdfReader(io.BytesIO(pdf)).pages[0])}
    mark, number = at["清河县非公党工委文件"], at["清非公工委发〔2026〕3号"]
    assert TOP + 35 < mark < TOP + 55  # its upper edge 35 mm below the block's
    assert mark < number < upper < at["关于选派党建工作指导员的通知"]
    assert 4 < upper - number < 8  # 4 mm below the line of the number


def test_pages_are_numbered_on_the_outer_side_below_the_block():
    pdf = letter(facts(paragraphs=["党" * 1500]))
    for place, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, start=1):
        ((x, y, _text),) = [line for line in lines_of(page) if line[2] == f"— {place} —"]
        assert BOTTOM + 7 < y < BOTTOM + 14
        assert (x > 150) if place % 2 else (LEFT + 4 < x < LEFT + 6)


@pytest.mark.parametrize("characters", [10, 300, 520, 640, 700, 900, 1150, 1250, 1300, 1500])
def test_the_closing_block_stands_at_the_foot_of_an_even_page(characters):
    pdf = letter(facts(paragraphs=["永" * characters], copies=["县委组织部", "县委社会工作部"]))
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) % 2 == 0
    assert "".join(pages(pdf)).count("永") == characters  # nothing is lost on the way
    closing = [line for line in lines_of(reader.pages[-1]) if "印发" in line[2]]
    assert len(closing) == 1
    assert BOTTOM - 8 < closing[0][1] < BOTTOM
    assert "抄送：县委组织部、县委社会工作部。" in pages(pdf)[-1]
    empty = [place for place, text in enumerate(pages(pdf)) if not text]
    assert empty in ([], [len(reader.pages) - 2])
    if empty:
        assert "—" not in pages(pdf)[-1]


def test_the_text_never_runs_under_the_closing_block():
    for characters in range(1000, 1300, 20):
        pdf = letter(facts(paragraphs=["党" * characters]))
        last = lines_of(PdfReader(io.BytesIO(pdf)).pages[-1])
        closing = min(y for _x, y, text in last if "印发" in text)
        assert all(y < closing - 6 for _x, y, text in last if "党党" in text or "年" in text[:5]), (
            characters
        )


@pytest.mark.parametrize("kind", Kind)
def test_a_list_of_assignments_makes_a_letter_of_each_kind(kind):
    facts = letter_of_list(
        "中共清河县非公有制经济组织工作委员会文件", 3, 2026, rows(70), kind=kind, copies=["县委组织部"],
        signer="周涛", contact="周涛，电话0690-5123456", **GIVEN,
        answers="《关于选派的请示》（清非公请〔2026〕1号）",
    )  # fmt: skip
    text = "".join(pages(letter(facts)))
    assert "清非公工委发〔2026〕3号" in text
    assert {"request": "请示", "answer": "批复", "notice": "通知"}[kind] in facts.title
    for row in facts.rows:  # every name comes back, the rare ones too
        assert row.firm in text
        assert row.instructor + row.unit + row.number in text
    assert "2026年11月25日" in text
    assert ("签发人：周涛" in text) == (kind == Kind.REQUEST)
    assert not [c for c in text if "a" <= c <= "z" or "A" <= c <= "Z"]  # no page mixes languages


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("words", [0, 19, 40, 80])
def test_the_signature_follows_a_line_of_the_text_on_its_page(kind, words):
    made = letter_of_list(
        "清河县非公党工委文件", 3, 2026, rows(1), kind=kind, signer="周涛", contact="周涛", **GIVEN,
        answers="《请示》",
    )  # fmt: skip
    made = replace(made, paragraphs=["党" * words * 5, *made.paragraphs])
    signed = [text for text in pages(letter(made)) if "2026年11月25日" in text and "附件：" in text]
    before = signed[0].partition("附件：")[0]
    assert made.paragraphs[-1] in before


def test_a_request_has_its_number_and_its_signer_on_one_line():
    made = letter_of_list(
        "清河县非公党工委文件", 12, 2026, rows(1), kind=Kind.REQUEST, signer="欧阳建国", contact="周涛",
        **GIVEN,
    )  # fmt: skip
    found = lines_of(PdfReader(io.BytesIO(letter(made))).pages[0])
    ((x, _upper, number),) = [line for line in found if "〔2026〕" in line[2]]
    assert number == "清非公工委发〔2026〕12号 签发人：欧阳建国"
    assert x == pytest.approx(LEFT + 16 / MM, abs=0.2)  # one character in from the edge


def test_a_long_list_repeats_its_head_on_each_page():
    made = letter_of_list("清河县非公党工委", 3, 2026, rows(70), kind=Kind.NOTICE, **GIVEN)
    with_rows = [text for text in pages(letter(made)) if "有限公司第" in text]
    assert len(with_rows) > 3
    assert all("序号企业指导员" in text for text in with_rows)


def test_the_numbers_of_people_and_firms_are_counted_from_the_list():
    twice = [ListRow("甲厂", "陈静", "农业农村局"), ListRow("乙厂", "陈静", "农业农村局")]
    made = letter_of_list("清河县非公党工委", 3, 2026, twice, kind=Kind.NOTICE, **GIVEN)
    assert "选派1名" in made.paragraphs[0].replace(" ", "")
    assert "2家" in made.paragraphs[0].replace(" ", "")


def test_a_character_without_a_font_is_named():
    with pytest.raises(PaperError, match=r"U\+E123"):
        letter(facts(paragraphs=["王\ue123"]))
    listed = [ListRow("甲厂", "王\ue124", "农业农村局")]
    with pytest.raises(PaperError, match=r"U\+E124"):
        letter(letter_of_list("清河县非公党工委", 1, 2026, listed, kind=Kind.NOTICE, **GIVEN))


def test_what_is_typed_is_text_and_never_markup():
    assert "<b>甲</b>" in "".join(pages(letter(facts(paragraphs=["<b>甲</b>"]))))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"recipient": " "}, "the recipient"),
        ({"paragraphs": []}, "the text"),
        ({"kind": Kind.REQUEST}, "who signs it off, whom to call"),
        ({"organ": "县" * 30}, "30 characters"),
    ],
)
def test_a_letter_that_lacks_something_says_what(more, says, english):
    with pytest.raises(Refused, match=says):
        letter(facts(**more))


def test_an_empty_list_makes_no_letter():
    with pytest.raises(Refused):
        letter_of_list("清河县非公党工委", 1, 2026, [], kind=Kind.NOTICE, **GIVEN)
