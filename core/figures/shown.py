"""A figure as a page shows it: its value, and the address of the firms behind it."""

from django.urls import reverse

from core.figures.behind import BEHIND
from core.figures.coverage import NUMBERS, Share

BY_KEY = {number.key: number for number in NUMBERS}


def address(ledger, lists: str, **also) -> str:
    """The address of the firms behind a number: today's list, or that of the past day."""
    more = "".join(f"&{name}={code}" for name, code in also.items())
    if ledger.past:
        return f"{reverse('figures:rows')}?on={ledger.on.isoformat()}&{lists}{more}"
    return f"{reverse('ledger:firms')}?{lists}{more}"


def shown(number, ledger, **also) -> dict:
    """A number as a template needs it. `also` narrows the list of firms that it links to."""
    value = number.counts(ledger)
    link = address(ledger, number.lists, **also) if number.lists else ""
    if number.key in BEHIND and not also:
        link = reverse("figures:behind", args=[number.key])
        link += f"?on={ledger.on.isoformat()}" if ledger.past else ""
    return {
        "number": number, "value": value, "link": link,
        "share": value if isinstance(value, Share) else None,
    }  # fmt: skip
