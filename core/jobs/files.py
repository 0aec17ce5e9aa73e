"""Where jobs keep their files: a folder each, below MEDIA_ROOT, which no address serves."""

import os
import shutil
from pathlib import Path
from uuid import uuid4

from django.conf import settings

ROOM = "jobs"


def folder_of(job) -> Path:
    return Path(settings.MEDIA_ROOT) / ROOM / str(job.key)


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def clear(job, *, but: str = "") -> None:
    """Remove a job's files; with `but`, all except that one (its name below MEDIA_ROOT)."""
    folder = folder_of(job)
    if not but:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path == Path(settings.MEDIA_ROOT) / but:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
