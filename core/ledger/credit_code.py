"""The unified social credit code (GB 32100-2015): 18 characters, the last one a check."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]


def check_character(first_17: str) -> str:
    """The 18th character for the first 17. Raises ValueError on a character that is not allowed."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def normalised(typed: str) -> str:
    """What was meant by what was typed: full-width characters, blanks and small letters undone."""
    half = (chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in typed)
    return "".join(c for c in half if not c.isspace() and c != "-").upper()


def validate_credit_code(code: str) -> None:
    """Raises ValidationError with a sentence that says what is wrong with the code."""
    if len(code) != 18:
        raise ValidationError(
            _("A credit code has 18 characters; this one has %(have)d."),
            code="length",
            params={"have": len(code)},
        )
    if strange := sorted(set(code) - set(ALPHABET)):
        raise ValidationError(
            _("A credit code has no %(strange)s. Letters I, O, S, V and Z are never used."),
            code="alphabet",
            params={"strange": " ".join(strange)},
        )
    if check_character(code[:17]) != code[17]:
        raise ValidationError(
            _("The last character of this credit code does not fit the others. Look for a slip."),
            code="check",
        )
