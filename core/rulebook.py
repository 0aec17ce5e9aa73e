"""Reads rulebook.toml once. A misspelt key stops the server, not a case."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import get_language

from core.number_template import objection

# The first law of the product: relieve, don't burden. National rules bar these from apps used
# for staff work, so a rulebook that asks for one of them is refused.
FORBIDDEN = ("location", "photo", "points", "ranking", "score", "online", "check_in")
UNITS = ("people", "firms", "days", "months", "units", "percent", "rows", "requests", "text")
TREATS = ("block", "warn", "config")


class RulebookError(Exception):
    """The rulebook cannot be used as it is; the sentence names the block and the slip."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One threshold from one day on. `value` is in `unit`; with the unit "text" it is words."""

    key: str
    since: date
    value: int | str
    unit: str
    treat: str
    says_zh: str
    says_en: str
    basis_zh: str
    basis_en: str

    @property
    def says(self) -> str:
        zh = (get_language() or "").startswith("zh")
        return (self.says_zh if zh else self.says_en).format(value=self.value)

    @property
    def basis(self) -> str:
        return self.basis_zh if (get_language() or "").startswith("zh") else self.basis_en


def read(text: str) -> dict[str, list[Rule]]:
    """The rules of a rulebook's text, by key, oldest first. Raises RulebookError."""
    rules: dict[str, list[Rule]] = {}
    for key, blocks in tomllib.loads(text).items():
        if any(word in key for word in FORBIDDEN):
            raise RulebookError(f"[[{key}]] would burden people: the product refuses it.")
        try:
            versions = [Rule(key=key, **block) for block in blocks]
        except TypeError as slip:
            raise RulebookError(f"[[{key}]]: {slip}") from slip
        for rule in versions:
            _check(rule)
        if len({rule.since for rule in versions}) < len(versions):
            raise RulebookError(f"[[{key}]] has two blocks with the same `since`.")
        rules[key] = sorted(versions, key=lambda rule: rule.since)
    if missing := REQUIRED - set(rules):
        raise RulebookError(f"The rulebook lacks {', '.join(sorted(missing))}.")
    if unknown := set(rules) - REQUIRED:
        raise RulebookError(f"The rulebook has unknown keys: {', '.join(sorted(unknown))}.")
    return rules


def _check(rule: Rule) -> None:
    if rule.unit not in UNITS or rule.treat not in TREATS:
        raise RulebookError(f"[[{rule.key}]]: unit or treat is not one of the known words.")
    if rule.key in TEXTS:
        _check_text(rule)
    elif not isinstance(rule.value, int) or rule.value < 0:
        raise RulebookError(f"[[{rule.key}]]: value must be a whole number, 0 or more.")
    try:
        rule.says_zh.format(value=rule.value), rule.says_en.format(value=rule.value)
    except (KeyError, IndexError, ValueError) as slip:
        raise RulebookError(f"[[{rule.key}]]: only {{value}} can be filled in: {slip}") from slip


def _check_text(rule: Rule) -> None:
    if rule.unit != "text" or not isinstance(rule.value, str) or not rule.value.strip():
        raise RulebookError(f'[[{rule.key}]]: value must be words, and unit "text".')
    if len(rule.value) > TEXT_AT_MOST:
        raise RulebookError(f"[[{rule.key}]]: at most {TEXT_AT_MOST} characters fit.")
    if why := TEXTS[rule.key](rule.value):
        raise RulebookError(f"[[{rule.key}]]: {why}.")


# Rules whose value is words: key → what objects to them ("" when they can be used).
TEXT_AT_MOST = 40
TEXTS = {"credential_number": objection, "supervision_phone": lambda words: ""}

# What the code asks for. A key that is in one place only is a slip and stops the start.
REQUIRED = {
    "standalone_branch_members",
    "affiliated_branch_firms",
    "branch_members_at_most",
    "instructor_firms",
    "instructor_firms_hard",
    "instructor_term",
    "instructor_training_days",
    "term_left_for_new_firm",
    "contact_floor",
    "review_deadline_first",
    "review_deadline_county",
    "correction_deadline",
    "opinion_deadline",
    "follow_up_deadline",
    "work_coverage_lapses",
    "case_quiet_after",
    "result_file_kept",
    "list_name_likeness",
    "survey_days",
    "survey_reminder",
    "evaluation_link_days",
    "evaluation_shortest_assignment",
    "evaluation_opinion_deadline",
    "evaluation_answer_deadline",
    "evaluation_grade_deadline",
    "evaluation_excellent_quota",
    "evaluation_min_group",
    "unit_answer_deadline",
    "report_pdf_rows",
    "platform_token_term",
    "platform_requests",
    "instructor_answer_deadline",
    "firm_answer_deadline",
    "issue_deadline",
    "choose_again_deadline",
    "recall_deadline",
    "handover_deadline",
    "term_reminder",
    "credential_number",
    "credential_ends_soon",
    "supervision_phone",
}

RULES = read(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def rule(key: str, *, on: date) -> Rule:
    """The rule of that day. Before its first day a rule's oldest version holds."""
    versions = RULES[key]
    holding = [version for version in versions if version.since <= on]
    return holding[-1] if holding else versions[0]
