"""Official letters (公文) with a red head, laid out after GB/T 9704-2012: a request to the level above
(请示), its answer (批复), a notice to those below (通知), each about a list of assignments.

An official letter is Chinese, whatever the reader's language. Its closing block (版记) stands at the
foot of the last page, and that is an even one: where it goes is known once the rest is laid out, so
a letter is laid out two or three times.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.errors import Refused
from core.papers.paper import Sheaf

CHINESE = "zh-hans"
# Up to so many characters of the organ's name fit beside one another at each size (see letter.css).
MARK_SIZES = ((11, "size-a"), (13, "size-b"), (16, "size-c"), (21, "size-d"), (29, "size-e"))
WIDE = 17  # characters of a signature that leave no room for the date's four to its right


class Kind(StrEnum):
    REQUEST = "request"  # 请示: to the level above; names who signs it off and whom to call
    ANSWER = "answer"  # 批复: the level above agrees
    NOTICE = "notice"  # 通知: to those who carry it out


@dataclass(frozen=True)
class ListRow:
    """One line of a list of assignments; `number` is the instructor's credential number."""

    firm: str
    instructor: str
    unit: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What a letter says. `number` is written out: 清非公工委发〔2026〕3号."""

    organ: str  # who issues it, in the red head
    number: str
    title: str  # its lines broken by meaning, as the standard asks
    recipient: str
    paragraphs: Sequence[str]
    signed: str
    date: date
    kind: Kind = Kind.NOTICE
    list_title: str = ""
    rows: Sequence[ListRow] = ()
    copies: Sequence[str] = ()
    issued_by: str = ""  # who has it printed and sent; without a name, the organ
    signer: str = ""  # who signs a request off
    contact: str = ""  # whom to call about a request


def letter(facts: LetterFacts) -> bytes:
    """The PDF of a letter.

    Raises PaperError as `core.papers.paper.render` does: no font, or a character without one, which
    is named. Raises Refused (BAD_INPUT) when what the standard asks for is missing.
    """
    complete(facts)
    words = _words(facts)
    ends_on = _pages(words, None)
    if ends_on % 2:
        return _laid_out(words, "overleaf").pdf()
    if _pages(words, "") == ends_on:  # there is room left for the closing block on that page
        return _laid_out(words, "here").pdf()
    return _laid_out(words, "overleaf alone").pdf()  # behind an empty page; neither has a number


def letter_of_list(
    organ: str, number: int, year: int, rows: Sequence[ListRow], *, kind: Kind, word: str,
    recipient: str, signed: str, day: date, copies: Sequence[str] = (), issued_by: str = "",
    signer: str = "", contact: str = "", answers: str = "",
) -> LetterFacts:  # fmt: skip
    """The letter about one list of assignments.

    `organ` as the red head shows it, `word` the organ's word in document numbers (清非公工委发),
    `answers` the title and number of the request that an answer is about. Raises Refused.
    """
    if not rows:
        raise Refused(Refused.NOT_NOW, _("Nobody stands on this list, so there is no letter about it."))
    with translation.override(CHINESE):
        list_title = _("List of party-building instructors sent to non-public firms")
        titles = {
            Kind.REQUEST: _("Request to approve the sending\nof party-building instructors"),
            Kind.ANSWER: _("Answer on the sending\nof party-building instructors"),
            Kind.NOTICE: _("Notice on the sending\nof party-building instructors"),
        }
        people = len({(row.instructor, row.unit) for row in rows})
        counted = {"people": people, "firms": len({row.firm for row in rows}), "answers": answers}
        return LetterFacts(
            organ=organ, kind=kind, title=titles[kind], recipient=recipient, signed=signed, date=day,
            number=_("%(word)s [%(year)d] No. %(number)d")
            % {"word": word, "year": year, "number": number},
            paragraphs=[text % counted for text in _paragraphs(kind)],
            list_title=list_title, rows=rows, copies=copies, issued_by=issued_by, signer=signer,
            contact=contact,
        )  # fmt: skip


def _paragraphs(kind: Kind) -> list[str]:
    """What such letters say, with the numbers of people and firms to fill in."""
    if kind == Kind.REQUEST:
        return [
            _(
                "To widen the coverage of the party's organisation and work among non-public firms,"
                " %(people)d comrades were recommended by their units and agreed upon with the"
                " firms; it is proposed to send them to %(firms)d firms as party-building instructors."
            ),
            _("This is submitted for an answer, if it is found in order."),
        ]
    if kind == Kind.ANSWER:
        return [
            _("%(answers)s was received. After consideration the answer is as follows."),
            _(
                "The sending of %(people)d comrades as party-building instructors to %(firms)d firms"
                " is agreed to. Please arrange the handing over, see that they carry out their duties,"
                " and keep the records of their guidance."
            ),
            _("This is the answer."),
        ]
    return [
        _(
            "After recommendation by their units, agreement with the firms and consideration, it was"
            " decided to send %(people)d comrades to %(firms)d firms as party-building instructors."
        ),
        _(
            "The sending units are to support their work and see to the time that it takes. The"
            " townships, parks and line departments are to bring them to the firms and arrange the"
            " handing over. The instructors are to call on their firms regularly and record truly"
            " what they did."
        ),
        _("This is hereby made known."),
    ]


def complete(facts: LetterFacts) -> None:
    """Raises Refused for a letter that lacks what the standard asks for."""
    if len(facts.organ) > MARK_SIZES[-1][0]:
        raise Refused(
            Refused.BAD_INPUT,
            _("The organ's name has %(have)d characters; the head of a letter takes %(most)d.")
            % {"have": len(facts.organ), "most": MARK_SIZES[-1][0]},
        )
    needed = {
        _("the organ"): facts.organ, _("the number"): facts.number, _("the title"): facts.title,
        _("the recipient"): facts.recipient, _("the text"): "".join(facts.paragraphs),
        _("who signs it"): facts.signed,
    }  # fmt: skip
    if facts.kind == Kind.REQUEST:
        needed |= {_("who signs it off"): facts.signer, _("whom to call"): facts.contact}
    if missing := [name for name, said in needed.items() if not said.strip()]:
        raise Refused(
            Refused.BAD_INPUT,
            _("The letter still lacks: %(what)s.") % {"what": _(", ").join(missing)},
        )


def _words(facts: LetterFacts) -> dict:
    """What the template shows: every text with its rare characters marked."""
    words = {
        name: _marked(said) if isinstance(said, str) else said for name, said in asdict(facts).items()
    }
    with translation.override(CHINESE):
        between, end = _(", "), _(".")
    size = next(size for most, size in MARK_SIZES if len(facts.organ) <= most)
    return words | {
        "mark": _marked(facts.organ), "mark_size": size, "wide": len(facts.signed) > WIDE,
        "paragraphs": [_marked(said) for said in facts.paragraphs],
        "rows": [
            {name: _marked(said) for name, said in asdict(row).items()} for row in facts.rows
        ],
        "copies": _marked(between.join(facts.copies) + end) if facts.copies else "",
        "issued_by": _marked(facts.issued_by or facts.signed),
        "signer": _marked(facts.signer) if facts.kind == Kind.REQUEST else "",
        "contact": _marked(facts.contact) if facts.kind == Kind.REQUEST else "",
    }  # fmt: skip


def _pages(words: dict, closing_at: str | None) -> int:
    return len(_laid_out(words, closing_at).papers[0].pages)


def _laid_out(words: dict, closing_at: str | None) -> Sheaf:
    sheaf = Sheaf(language=CHINESE)
    sheaf.add("letter", words | {"closing_at": closing_at}, style="letter")
    return sheaf


def _marked(text: str) -> SafeString:
    """A text for the paper, escaped; characters beyond GB 2312, which most fonts of official papers
    lack, are marked, so that the font that steps in does not stretch the line."""
    return mark_safe(
        "".join(
            escape(letter)
            if letter.isascii() or _common(letter)
            else f'<span class="rare">{escape(letter)}</span>'
            for letter in text
        )
    )


def _common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
