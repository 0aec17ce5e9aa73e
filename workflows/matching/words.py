"""What a board says in words: reasons, what speaks against, why somebody is lacking."""

from django.utils.translation import gettext_lazy as _

from core.people.criteria import CRITERIA, sentence
from core.people.matching import NOBODY, PLACES_GONE, TIED

WHY_NOT = {
    NOBODY: _("No instructor of the area can take a further firm. Why, stands below."),
    TIED: _("Everybody who has room declared a tie to this firm."),
    PLACES_GONE: _("There are fewer free places than firms; they went to firms that they suit better."),
}


def in_words(reasons) -> list[tuple[bool, str]]:
    """Reasons as a row keeps them: (speaks against, sentence). What this version does not know any
    more is left out."""
    return [
        (CRITERIA[code].against, sentence(code, words)) for code, words in reasons if code in CRITERIA
    ]


def as_text(reasons, why: str = "") -> str:
    """The reasons as one text, with the supervisor's own words first."""
    return "\n".join([*([why] if why else []), *(said for _against, said in in_words(reasons))])
