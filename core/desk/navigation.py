"""Where each role may go from any page: one table, read by the header, the side and the phone bar."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS, Role
from core.desk.home import FIRST_PAGE

EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - set(GUESTS)
OVERSEERS = STAFF - {Role.INSTRUCTOR}


class Entry(NamedTuple):
    url_name: str
    label: str
    roles: frozenset
    icon: str
    group: str = "work"  # work, or reference: looked up now and then
    verb: str = ""  # asked besides the role
    counts: bool = False  # the open tasks are counted beside it
    also: str = ""  # the first page of a room that one gets to by this entry: it stays marked there


ENTRIES = (
    Entry("morning:today", _("Today"), EVERYBODY - {Role.AUDITOR, Role.ADMINISTRATOR}, "today"),
    Entry("inbox:mine", _("Tasks"), EVERYBODY - {Role.AUDITOR}, "tasks", counts=True),
    Entry("ledger:firms", _("Firms"), EVERYBODY - {Role.UNIT}, "firms", verb="see"),
    Entry(
        "figures:coverage", _("Figures"), STAFF, "figures", verb="see", also="reports:tables"
    ),  # fmt: skip
    Entry("dashboard:dashboard", _("Dashboard"), STAFF, "dashboard", verb="see"),
    Entry("ledger:branches", _("Branches"), STAFF, "branches", verb="see"),
    Entry("people:instructors", _("Instructors"), OVERSEERS, "people", verb="see"),
    Entry(
        "evaluations:mine",
        _("My evaluations"),
        frozenset({Role.INSTRUCTOR, Role.CONTACT}),
        "people",
        verb="see",
    ),  # fmt: skip
    Entry("coverage:chart", _("Chart"), EVERYBODY, "chart", "reference"),
    Entry("rulebook", _("Rulebook"), EVERYBODY, "rulebook", "reference"),
    Entry("audit:trail", _("Audit trail"), EVERYBODY, "audit", "reference", "read_audit"),
    Entry("api:platforms", _("Platforms"), EVERYBODY, "branches", "reference", "keep_platforms"),
    Entry("people_list", _("Accounts"), EVERYBODY, "people", "reference", "manage_users"),
    Entry("jobs:queue", _("Background work"), EVERYBODY, "tasks", "reference", "see_queue"),
)


# Pages that belong together, shown as tabs above each of them.
SECTIONS = {
    "ledger": (
        Entry("ledger:firms", _("Firms"), EVERYBODY - {Role.UNIT}, "firms", verb="see"),
        Entry("surveys:rounds", _("Survey rounds"), STAFF, "firms", verb="see"),
        Entry("reconciling:lists", _("Lists of authorities"), STAFF, "firms", verb="reconcile"),
    ),
    "people": (
        Entry("people:instructors", _("Instructors"), OVERSEERS, "people", verb="see"),
        Entry("people:load", _("At a glance"), OVERSEERS, "people", verb="see"),
        Entry("matching:board", _("Matching"), OVERSEERS, "people", verb="propose_assignment"),
        Entry("assignments:list", _("Assignments"), OVERSEERS, "people", verb="see"),
        Entry("handovers:list", _("Handovers"), OVERSEERS, "people", verb="see"),
        Entry("credentials:list", _("Credentials"), OVERSEERS, "people", verb="see"),
        Entry("contact_cards:tiers", _("Contact cards"), OVERSEERS, "people", verb="see"),
        Entry("evaluations:rounds", _("Two-way evaluation"), OVERSEERS, "people", verb="see"),
    ),
}


def tabs_for(user, section: str, path: str = "") -> list[dict]:
    """The tabs of a section that a person may use; the one with the longest address that begins
    the page's is here."""
    shown = [_shown(entry, user) for entry in SECTIONS[section]]
    shown = [entry for entry in shown if entry]
    fits = [entry["url"] for entry in shown if path.startswith(entry["url"])]
    for entry in shown:
        entry["here"] = entry["url"] == max(fits, key=len, default="")
    return shown


def _behind(url_name: str, user, path: str) -> list[dict]:
    """The tabs of the section that an entry opens, so that it stays marked on each of them."""
    opened = (name for name, tabs in SECTIONS.items() if tabs[0].url_name == url_name)
    return [tab for name in opened for tab in tabs_for(user, name, path)]


def _shown(entry: Entry, user) -> dict | None:
    """An entry with its address; None where this person or this installation has no such page."""
    if user.role not in entry.roles or (entry.verb and not user.may(entry.verb)):
        return None
    try:
        return {**entry._asdict(), "url": reverse(entry.url_name)}
    except NoReverseMatch:
        return None


def entries_for(user, path: str = "") -> list[dict]:
    """The entries a person may use; the one that the day begins with comes first. `path` is the
    page now shown, to mark its entry."""
    first = FIRST_PAGE.get(user.role)
    ordered = sorted(ENTRIES, key=lambda entry: entry.url_name != first)
    shown = []
    for entry in filter(None, (_shown(entry, user) for entry in ordered)):
        url = entry["url"]
        here = path.startswith(url) if url != "/" else path == url
        here = here or bool(entry["also"] and path.startswith(reverse(entry["also"])))
        here = here or any(tab["here"] for tab in _behind(entry["url_name"], user, path))
        group = "work" if entry["url_name"] == first else entry["group"]
        shown.append({**entry, "group": group, "here": here})
    return shown
