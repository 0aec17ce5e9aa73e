"""One POST to an address outside, which may hang, lie or lead elsewhere.

Only to hosts on the list, never by way of a redirect or a proxy, and over after ten seconds
whatever comes in: a limit for each read alone would let a slow drip hold the worker for ever.
"""

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused

CONNECT, TOTAL = 3, 10  # seconds
READ_AT_MOST = 4096  # bytes of an answer; robots say little
PORTS = {"https": 443, "http": 80}


class NotSent(Exception):
    """It did not arrive, as far as we know; says why in a sentence."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def checked(url: str) -> SplitResult:
    """The parts of an address that messages may go to. Raises Refused with what is wrong."""
    try:
        parts = urlsplit(url)
        origin = _origin(url)
    except ValueError:
        raise Refused(Refused.BAD_INPUT, _("This is not an address.")) from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or not parts.hostname or parts.scheme not in PORTS:
        raise Refused(Refused.BAD_INPUT, _("Give the whole address, from https:// on."))
    if parts.username or parts.password or parts.fragment:
        raise Refused(Refused.BAD_INPUT, _("The address may hold no user name and no #."))
    if origin not in {_origin(host) for host in settings.WEBHOOK_HOSTS}:
        if parts.scheme == "http":
            raise Refused(Refused.BAD_INPUT, _("The address begins with https://."))
        raise Refused(
            Refused.BAD_INPUT,
            _("Messages may not go to %(host)s. Whoever runs the desk can allow it (WEBHOOK_HOSTS).")
            % {"host": parts.hostname},
        )
    return parts


def _origin(host: str) -> tuple:
    parts = urlsplit(host if "://" in host else f"https://{host}")
    return parts.scheme, (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send, and read the beginning of the answer. Raises NotSent or Refused."""
    parts = checked(url)
    line = _Line()
    timer = Timer(TOTAL, line.cut)
    timer.daemon = True
    timer.start()
    try:
        answer = _ask(line, parts, body, headers)
    except ssl.SSLError as error:
        raise NotSent(_too_late(line) or _("Its certificate is not trusted.")) from error
    except socket.gaierror as error:
        raise NotSent(_("Its name is not known in this network.")) from error
    except TimeoutError as error:
        raise NotSent(_("It did not answer in time.")) from error
    except (OSError, HTTPException) as error:
        raise NotSent(_too_late(line) or _("It could not be reached.")) from error
    finally:
        timer.cancel()
        line.close()
    if line.is_cut:
        raise NotSent(_too_late(line))
    return answer


def _ask(line: "_Line", parts: SplitResult, body: bytes, headers: dict) -> Answer:
    port = parts.port or PORTS[parts.scheme]
    line.open(parts.hostname, port, secure=parts.scheme == "https")
    asking = HTTPConnection(parts.hostname, port)
    asking.sock = line.sock
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asking.request("POST", target, body=body, headers={"Connection": "close"} | headers)
    response = asking.getresponse()
    return Answer(response.status, response.read(READ_AT_MOST))


def _too_late(line: "_Line") -> str:
    return _("It did not answer in time.") if line.is_cut else ""


class _Line:
    """A connection that another thread can cut."""

    def __init__(self) -> None:
        self.sock: socket.socket | None = None
        self.is_cut = False
        self.ends = time.monotonic() + TOTAL

    def open(self, host: str, port: int, *, secure: bool) -> None:
        self.sock = socket.create_connection((host, port), timeout=CONNECT)
        self.sock.settimeout(max(0.1, self.ends - time.monotonic()))
        if secure:
            trust = ssl.create_default_context()
            self.sock = trust.wrap_socket(
                self.sock, server_hostname=host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):  # it has ended by itself
                # Not the TLS object's own: that one takes itself apart under the reading thread.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
