"""Text stays text: what somebody typed is never a formula in a colleague's Excel."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))  # Excel refuses these


def plain(text: str) -> str:
    """A text without the characters that Excel refuses."""
    return text if text.isprintable() else text.translate(UNPRINTABLE)


def risky(text: str) -> bool:
    """Whether Excel would take a text for a formula when it is typed, or opened from a CSV. Such a
    text is written as text with a quotation mark before it, which Excel does not show."""
    return text.startswith(RISKY)
