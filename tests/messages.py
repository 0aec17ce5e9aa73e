"""What script/messages runs: finds every text of the source and keeps locale/ in step with it.

It needs no gettext tools of the system: Python is read as Python, and a template through Django's
own `templatize`. A text that is new stands in the catalogue without a translation until somebody
writes one; a text that is gone from the source is gone from the catalogue.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
FOLDERS = ("core", "workflows", "templates")
HEADER = {
    "Project-Id-Version": "Instructor Desk",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# What the arguments of each function are.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ("text",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("text", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "text")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "text", "plural")),
}
STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
CALL_IN_TEMPLATE = re.compile(
    rf"\b(?:{'|'.join(CALLS)})\(\s*{STRING}(?:\s*,\s*{STRING})*(?:\s*,\s*count)?\s*\)"
)


class Text(NamedTuple):
    text: str
    plural: str = ""
    context: str | None = None


# Texts of Django that its own Chinese says less politely than this product does.
OF_DJANGO = (
    Text("Your old password was entered incorrectly. Please enter it again."),
    Text("Your password can’t be a commonly used password."),
    Text("Your password can’t be entirely numeric."),
    Text("Your password can’t be too similar to your other personal information."),
    Text(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
)


def texts_in_python(source: str) -> Iterator[Text]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        if name in CALLS and len(words) >= len(CALLS[name]):
            yield Text(**dict(zip(CALLS[name], words, strict=False)))


def texts_in_template(source: str) -> Iterator[Text]:
    for found in CALL_IN_TEMPLATE.finditer(templatize(source)):
        yield from texts_in_python(found.group())


def texts(root: Path = ROOT) -> dict[tuple, Text]:
    """Every text of the source, by context and text. The plural may stand at one of its places."""
    found = {(text.context, text.text): text for text in OF_DJANGO}
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            reader = {".py": texts_in_python, ".html": texts_in_template}.get(file.suffix)
            for text in reader(file.read_text(encoding="utf-8")) if reader else ():
                if text.plural or (text.context, text.text) not in found:
                    found[text.context, text.text] = text
    return found


def key(entry: polib.POEntry) -> tuple:
    return entry.msgctxt, entry.msgid


def renew(catalogue: Path = CATALOGUE) -> polib.POFile:
    """Write the catalogue anew: the texts of today with the translations there are."""
    old = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    said = {key(entry): entry.msgstr_plural.get(0) or entry.msgstr for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = HEADER
    for text in texts().values():
        translation = said.get((text.context, text.text), "")
        entry = polib.POEntry(msgid=text.text, msgctxt=text.context)
        if text.plural:
            entry.msgid_plural, entry.msgstr_plural = text.plural, {0: translation}
        else:
            entry.msgstr = translation
        if "%(" in text.text:
            entry.flags = ["python-format"]
        new.append(entry)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(catalogue))
    return new


def main() -> int:
    empty = renew().untranslated_entries()
    for entry in empty:
        sys.stdout.write(f"not translated: {entry.msgid}\n")
    sys.stdout.write(f"{len(texts())} texts, {len(empty)} of them not translated.\n")
    return int(bool(empty))


if __name__ == "__main__":
    sys.exit(main())
