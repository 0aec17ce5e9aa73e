"""Compiles the translations, so that a start needs no gettext tools of the system."""

import os
from pathlib import Path

import polib


def compile_words(locale: Path, into: Path) -> Path:
    """Write into a folder a .mo for each .po of `locale` that changed since; returns the folder.

    Settings call it: Django reads its catalogues while it loads the models, and a process keeps
    what it found then. Raises OSError when a .po is broken or the folder cannot be written.
    """
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        mo = into / Path(*po.parts[-3:]).with_suffix(".mo")
        when = po.stat().st_mtime_ns
        if mo.exists() and mo.stat().st_mtime_ns == when:
            continue
        mo.parent.mkdir(parents=True, exist_ok=True)
        fresh = mo.with_suffix(f".{os.getpid()}")  # another process may be reading the old one
        polib.pofile(str(po)).save_as_mofile(str(fresh))
        os.utime(fresh, ns=(when, when))
        fresh.replace(mo)
    return into
