"""Where e-mail goes, from one address: smtp://user:password@host:port, and its relatives."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = "django.core.mail.backends."
SMTP = {  # scheme → usual port, what Django calls the way of encrypting
    "smtp": (25, {}),
    "smtp+tls": (587, {"EMAIL_USE_TLS": True}),
    "smtps": (465, {"EMAIL_USE_SSL": True}),
}


def mail_settings(url: str, folder: Path) -> dict:
    """Django's e-mail settings. Without an address mails become files in `folder`, so that nothing
    leaves a desk that was not told where to. Raises ImproperlyConfigured."""
    try:
        parts = urlsplit(url or folder.resolve().as_uri())
        port = parts.port
    except ValueError:
        raise _not_understood() from None
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": BACKENDS + "console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {
            "EMAIL_BACKEND": BACKENDS + "filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in SMTP or not parts.hostname:
        raise _not_understood()
    usual, encrypting = SMTP[parts.scheme]
    return {
        "EMAIL_BACKEND": BACKENDS + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **encrypting,
    }


def _not_understood() -> ImproperlyConfigured:
    """Without the value: it may hold a password."""
    return ImproperlyConfigured(
        "EMAIL_URL is not understood: write smtp+tls://user:password@host:587, smtps://…, smtp://…,"
        " console: or file:///folder, or leave it out."
    )
