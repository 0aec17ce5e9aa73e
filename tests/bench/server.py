"""The desk's web server as `serve` runs it, without its worker: `python -m tests.bench.server PORT`."""

import sys

import django
import uvicorn

django.setup()

from core.desk import serving  # noqa: E402

if __name__ == "__main__":
    uvicorn.run(
        "core.asgi:application", port=int(sys.argv[1]), lifespan="off", log_level="warning",
        **getattr(serving, "SOCKETS", {}),
    )  # fmt: skip
