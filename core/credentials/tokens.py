"""What a card's QR code says: a random half that names the card, and a signed half that proves it.

Neither half can be guessed or counted up. Keep exchanged secret keys in SECRET_KEY_FALLBACKS for
as long as cards signed with them are in use.
"""

import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

NONCE, PROOF = 12, 12  # characters of 6 and 6 bits: 72 random bits, 72 bits of signature
SALT = "core.credentials.card"


def new_nonce() -> str:
    return secrets.token_urlsafe(9)


def token_of(nonce: str) -> str:
    return nonce + _proof(nonce, settings.SECRET_KEY)


def nonce_of(token: str) -> str | None:
    """The card's random half, or None for a token that we never signed."""
    if len(token) != NONCE + PROOF or not token.isascii():
        return None
    nonce, proof = token[:NONCE], token[NONCE:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    fits = [constant_time_compare(proof, _proof(nonce, key)) for key in keys]
    return nonce if any(fits) else None


def _proof(nonce: str, key: str) -> str:
    digest = salted_hmac(SALT, nonce, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:9]).decode()
