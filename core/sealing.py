"""Words that nobody reads before their time: kept encrypted, each with a key of its own.

The key is made (HKDF) from the server's SECRET_KEY, a salt that lies beside the words, what they
belong to, and, where there is one, a secret that only their writer's browser keeps. So:

* who has a copy of the database, and nothing else, reads nothing; nor does anybody through a page;
* words cannot be moved to another row and be read there: they belong to `whose`;
* who runs the server, and so has both the database and SECRET_KEY, could decrypt what was sealed
  without a writer's secret if they wrote a program for it. No part of the product does so before the
  time has come. That person is bound by their office; a program cannot bind them.

After SECRET_KEY is exchanged the old one must stand in SECRET_KEY_FALLBACKS until nothing that was
sealed with it is waiting any more.
"""

import base64
import json
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """The words cannot be decrypted: another key, another row, or another browser."""


def new_salt() -> str:
    return secrets.token_hex(16)


def seal(words, *, salt: str, whose: str, secret: str = "") -> str:
    """Anything that JSON can say, encrypted."""
    said = json.dumps(words, ensure_ascii=False).encode()
    return _keys(salt, whose, secret).encrypt(said).decode()


def unseal(token: str, *, salt: str, whose: str, secret: str = ""):
    """What was sealed. Raises CannotOpen."""
    try:
        return json.loads(_keys(salt, whose, secret).decrypt(token.encode()))
    except InvalidToken as wrong:
        raise CannotOpen from wrong


def _keys(salt: str, whose: str, secret: str) -> MultiFernet:
    return MultiFernet([
        _key(master, salt, whose, secret)
        for master in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ])  # fmt: skip


def _key(master: str, salt: str, whose: str, secret: str) -> Fernet:
    made = HKDF(SHA256(), length=32, salt=salt.encode(), info=f"sealed:{whose}".encode())
    return Fernet(base64.urlsafe_b64encode(made.derive(f"{master}\0{secret}".encode())))
