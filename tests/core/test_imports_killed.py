"""An import whose process is killed outright at its very end leaves nothing, and is then done whole."""

import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings as product

from core.imports import applying
from core.imports.models import AppliedRow, Import
from core.jobs import run as worker
from core.jobs.models import Job
from core.ledger.models import Firm
from core.ledger.spells import Spell
from tests import county as small
from tests.core.test_imports import book_of, read, rows_of
from tests.core.test_jobs_workers import shared

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# Everything is written, the event of the import would be next.
KILLED = """
import os, signal, sys, django
django.setup()
from core.imports import applying
from core.jobs import run
applying.record = lambda *given, **words: os.kill(os.getpid(), signal.SIGKILL)
run.run(int(sys.argv[1]))
"""


def test_killed_before_the_end_nothing_is_in_the_ledger(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    county = small.build()
    one = read(book_of(*rows_of(901, 902)), county.wang_fang)
    one = applying.carry_out(one, leave_out=False, by=county.wang_fang, key=uuid4())
    before = Firm.objects.count(), Spell.objects.count()
    env = os.environ | {"DATABASE_URL": shared(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings",
                        "SECRET_KEY": product.SECRET_KEY, "AUDIT_KEY": product.AUDIT_KEY}  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(one.job_id)], env=env, check=False, capture_output=True,
        cwd=product.BASE_DIR,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    one.refresh_from_db()
    assert one.state == Import.State.JUDGED
    assert (Firm.objects.count(), Spell.objects.count()) == before
    assert not AppliedRow.objects.exists()
    Job.objects.filter(pk=one.job_id).update(token=None)  # as the queue's watch finds the dead
    worker.run(one.job_id)
    one.refresh_from_db()
    assert one.state == Import.State.APPLIED
    assert Firm.objects.count() == before[0] + 2
