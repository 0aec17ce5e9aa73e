"""Compiles the translations into VAR_DIR, so that a start needs no gettext tools of the system."""

import os
from pathlib import Path

import polib
from django.conf import settings


def compile_words() -> int:
    """Write a .mo for each .po that changed since; returns how many were written.

    Raises OSError when a .po is broken or the folder cannot be written.
    """
    written = 0
    for po in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")):
        mo = settings.VAR_DIR / "words" / Path(*po.parts[-3:]).with_suffix(".mo")
        when = po.stat().st_mtime_ns
        if mo.exists() and mo.stat().st_mtime_ns == when:
            continue
        mo.parent.mkdir(parents=True, exist_ok=True)
        fresh = mo.with_suffix(f".{os.getpid()}")  # another process may be reading the old one
        polib.pofile(str(po)).save_as_mofile(str(fresh))
        os.utime(fresh, ns=(when, when))
        fresh.replace(mo)
        written += 1
    return written
