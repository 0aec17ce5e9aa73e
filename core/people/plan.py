"""The guidance plan: what to do next at a firm of a size and a stage. Reads plan.toml once; a
combination that is missing stops the server, not a visit."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

from core.ledger.kinds import Size
from core.ledger.stages import Stage


class PlanError(Exception):
    """The plan cannot be used as it is; the sentence names what is missing."""


def _in_words(block: dict, name: str):
    zh = (get_language() or "").startswith("zh")
    return block[f"{name}_zh" if zh else f"{name}_en"]


@dataclass(frozen=True)
class Plan:
    """What the plan says for one size and stage, in the reader's language."""

    approach: dict
    stage: dict
    step: dict

    @property
    def word(self) -> str:
        return _in_words(self.approach, "word")

    @property
    def next(self) -> str:
        return _in_words(self.step, "next")

    @property
    def usual(self) -> list[str]:
        """Sentences that a visit usually ends with, to be taken over with one touch."""
        return [*_in_words(self.approach, "usual"), *_in_words(self.stage, "usual")]


def read(text: str) -> dict[tuple[str, str], Plan]:
    """The plan of a file's text, by size and stage. Raises PlanError."""
    said = tomllib.loads(text)
    steps = {(step["approach"], step["stage"]): step for step in said["step"]}
    plans = {
        (size, stage): Plan(approach, said["stage"][stage], steps[name, stage])
        for name, approach in said["approach"].items()
        for size in approach["sizes"]
        for stage in said["stage"]
        if (name, stage) in steps
    }
    wanted = {(size, stage) for size in Size.values for stage in Stage.values}
    if wanted != plans.keys():
        odd = ", ".join(f"{size}/{stage}" for size, stage in sorted(wanted ^ plans.keys()))
        raise PlanError(f"The guidance plan lacks, or does not know: {odd}.")
    for plan in plans.values():
        for block, names in ((plan.approach, ("word", "usual")), (plan.stage, ("usual",)),
                             (plan.step, ("next",))):  # fmt: skip
            if missing := {f"{n}_{tongue}" for n in names for tongue in ("zh", "en")} - block.keys():
                raise PlanError(f"The guidance plan lacks {', '.join(sorted(missing))}.")
    return plans


PLANS = read(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def plan_for(firm) -> Plan:
    return PLANS[firm.size, firm.stage]
