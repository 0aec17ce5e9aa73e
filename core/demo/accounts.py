"""The accounts that a visitor of the demo may sign in with, one for each role."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import Role

PASSWORD = "demo-county-2014"


class Account(NamedTuple):
    username: str
    role: str
    name: str
    does: str


ACCOUNTS = (
    Account("instructor", Role.INSTRUCTOR, "程晓岚", _("visits firms and proposes the next step")),
    Account("township", Role.TOWNSHIP, "何建明", _("reviews the proposals of a township")),
    Account("line", Role.LINE, "周启文", _("reviews the proposals of a line department's firms")),
    Account("county", Role.COUNTY, "沈志远", _("decides for the county")),
    Account("contact", Role.CONTACT, "罗春梅", _("gives a firm's opinion when asked")),
    Account("unit", Role.UNIT, "许文清", _("answers for a unit that sends instructors")),
    Account("auditor", Role.AUDITOR, "孟广平", _("reads the audit trail")),
    Account("admin", Role.ADMINISTRATOR, "方敏", _("opens and closes accounts")),
)
