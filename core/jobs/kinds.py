"""What kinds of long work there are. Each declares itself in one place, by `@job`.

    @job("approval_forms", label=_("Approval forms"), title=_("Forms of {place}"), verb="print_many")
    def forms(work):
        for number, firm in enumerate(...):
            ...
            yield Step(number, total, checkpoint={"next": number})
        return Result(path, "forms.pdf", "application/pdf")

Work that leaves no file returns None, and names the page on which one sees what it did (`page`).

The function is started again from its last checkpoint after a restart, a death or a pause, so what
it did since then is done twice: it only writes files of its own folder, replacing them, and what it
changes in the database it hands over as `along`, to be committed with the checkpoint or not at all.
"""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.formats import date_format

from core.audit.sentences import teach

DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Step(NamedTuple):
    """So much is done. Without a checkpoint it is only told; with one it is never done again."""

    done: int
    total: int
    checkpoint: dict | None = None
    along: Callable[[], Any] | None = None  # runs in the checkpoint's own transaction


class Result(NamedTuple):
    """The file that a job leaves, in its own folder, and the name under which it is saved."""

    path: Path
    name: str
    content_type: str


@dataclass
class Work:
    """What a kind's function gets: who asked, for what, what was kept, and a folder of its own."""

    by: Any
    given: dict
    folder: Path
    checkpoint: dict = field(default_factory=dict)


class Kind(NamedTuple):
    code: str
    label: str
    title: str  # filled with the job's words
    verb: str  # asked when it is started, at each resumption, and when the file is fetched
    steps: Callable[[Work], Generator[Step, None, Result | None]]
    page: Callable[[dict], str] | None = None  # of what it is given, where its outcome is seen


KINDS: dict[str, Kind] = {}


def job(code: str, *, label, title, verb: str, page=None):
    """Declare a generator function as a kind of job. Its room is imported at the start."""

    def declare(steps):
        KINDS[code] = Kind(code, label, title, verb, steps, page)
        teach("job_kind", {code: label})
        return steps

    return declare


def titled(code: str, words: dict) -> str:
    """A job's title in the reader's language; its code when this version has no such kind."""
    kind = KINDS.get(code)
    return str(kind.title).format(**{k: _shown(v) for k, v in words.items()}) if kind else code


def _shown(word: str) -> str:
    return date_format(date.fromisoformat(word)) if DAY.fullmatch(word) else word
