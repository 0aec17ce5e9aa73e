"""How often something is asked for: counted by the minute in the cache that all processes share."""

import ipaddress
import time

from django.core.cache import cache

MINUTE = 60  # seconds


def too_often(what: str, at_most: int) -> bool:
    """Count one more of `what` ("card-check:7f000001") in this minute; whether it is beyond the
    limit."""
    key = f"{what}:{_minute()}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key) > at_most
    except ValueError:  # it ran out between the two lines
        return False


def was_too_often(what: str, at_most: int) -> bool:
    """The same without counting."""
    return cache.get(f"{what}:{_minute()}", 0) > at_most


def _minute() -> int:
    return int(time.time()) // MINUTE


def caller(address: str) -> str:
    """Who asks, by the address of the connection. IPv6 callers own a whole /64 and are counted as one.

    Behind a proxy every caller has the proxy's address here, and all share one allowance:
    BEHIND_PROXY trusts only X-Forwarded-Proto, and X-Forwarded-For is not read, since anybody can
    write it. There the proxy has to hand the caller's address over as the connection's own, or
    limit the looks itself.
    """
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        there = ipaddress.ip_address("0.0.0.0")  # noqa: S104  a caller without an address
    if there.version == 6:
        there = ipaddress.ip_network((there, 64), strict=False).network_address
    return f"{int(there):x}"
