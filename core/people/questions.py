"""The questions of the two-way evaluation. Reads evaluation.toml once; a slip stops the server, not
a firm that fills in its form."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import get_language

from core.rulebook import FORBIDDEN

SIDES = ("firm", "instructor")
KINDS = ("scale", "reasons", "text")
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


class QuestionsError(Exception):
    """The questions cannot be used as they are; the sentence names the question and the slip."""


def _in_words(zh: str, en: str) -> str:
    return zh if (get_language() or "").startswith("zh") else en


@dataclass(frozen=True)
class Answer:
    code: str
    zh: str
    en: str

    @property
    def words(self) -> str:
        """In the reader's language."""
        return _in_words(self.zh, self.en)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. What is answered is kept as codes, so that each reader sees their language."""

    code: str
    kind: str
    asks_zh: str
    asks_en: str
    answers: tuple[Answer, ...] = ()

    @property
    def asks(self) -> str:
        return _in_words(self.asks_zh, self.asks_en)

    def in_words(self, said) -> list[str]:
        """What was answered, in the reader's language; for a text the text itself."""
        if self.kind == "text":
            return [said] if said else []
        chosen = said if isinstance(said, list) else [said]
        return [answer.words for answer in self.answers if answer.code in chosen]


Version = dict[str, tuple[Question, ...]]  # side → its questions, in order


def read(text: str) -> dict[date, Version]:
    """The versions of a file's text, by the day from which each holds, oldest first. Raises
    QuestionsError."""
    versions: dict[date, Version] = {}
    for block in tomllib.loads(text).get("version", []):
        since = block.pop("since", None)
        if not isinstance(since, date) or since in versions:
            raise QuestionsError("Each version of the questions needs a `since` of its own.")
        if set(block) != set(SIDES):
            raise QuestionsError(f"The version of {since} asks {sorted(block)}, not both sides.")
        versions[since] = {side: _questions(side, block[side]) for side in SIDES}
    if not versions:
        raise QuestionsError("There is no version of the questions.")
    return dict(sorted(versions.items()))


def _questions(side: str, blocks: list) -> tuple[Question, ...]:
    found = []
    for block in blocks:
        try:
            answers = tuple(Answer(*each) for each in block.pop("answers", ()))
            found.append(Question(**block, answers=answers))
        except TypeError as slip:
            raise QuestionsError(f"{side}, {block.get('code', '?')}: {slip}") from slip
        _check(side, found[-1])
    codes = [question.code for question in found]
    if not codes or len(set(codes)) < len(codes):
        raise QuestionsError(f"{side}: a code is used twice, or nothing is asked.")
    return tuple(found)


def _check(side: str, question: Question) -> None:
    where = f"{side}, {question.code}"
    if question.kind not in KINDS:
        raise QuestionsError(f"{where}: the kind is not one of {', '.join(KINDS)}.")
    codes = [answer.code for answer in question.answers]
    if not all(CODE.fullmatch(code) for code in (question.code, *codes)):
        raise QuestionsError(f"{where}: codes are small letters with _ between them.")
    if any(word in question.code for word in FORBIDDEN):
        raise QuestionsError(f"{where} would burden people: the product refuses it.")
    if (question.kind == "text") != (not codes) or len(set(codes)) < len(codes) or len(codes) == 1:
        raise QuestionsError(f"{where}: choices need two answers or more, a text has none.")


VERSIONS = read(Path(__file__).with_name("evaluation.toml").read_text(encoding="utf-8"))


def version_on(day: date) -> date:
    """The version that holds on a day; before the first one, the first."""
    holding = [since for since in VERSIONS if since <= day]
    return holding[-1] if holding else next(iter(VERSIONS))


def questions(side: str, *, version: date) -> tuple[Question, ...]:
    """What one side is asked. Raises KeyError for a version that there never was."""
    return VERSIONS[version][side]
