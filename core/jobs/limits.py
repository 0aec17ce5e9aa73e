"""How much memory a job may take. Time is bounded by the queue (Q_CLUSTER's `timeout`)."""

import sys
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

if sys.platform == "linux":
    import resource
else:
    resource = None  # elsewhere the limit is not kept by the system


@contextmanager
def bounded_memory():
    """Within the block, whoever asks for more than JOB_MEMORY_MB on top of what this process has
    gets a MemoryError, and not the whole machine's."""
    if resource is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    have = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = have + settings.JOB_MEMORY_MB * 1024**2
    if before[1] != resource.RLIM_INFINITY:
        most = min(most, before[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
