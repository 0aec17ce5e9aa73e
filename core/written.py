"""What people write in their own words: comments, reasons, notes, opinions."""

from django.utils.translation import gettext as _

from core.errors import Refused

TEXT_AT_MOST = 2000  # characters; also the length of the columns


def written(text: str, missing: str) -> str:
    """The text without blanks around it. Raises Refused when nothing is left, with the sentence
    `missing`, and when it is longer than TEXT_AT_MOST characters."""
    text = text.strip()
    if not text:
        raise Refused(Refused.BAD_INPUT, missing)
    if len(text) > TEXT_AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("This text has %(have)d characters; %(most)d fit. Shorten it or add it as a file.")
            % {"have": len(text), "most": TEXT_AT_MOST},
        )
    return text
