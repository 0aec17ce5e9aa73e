"""The tables that the product knows, and what each says unless an office says it in its own way."""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach

TEXT, NUMBER, DAY, SHARE = "text", "number", "day", "share"


class Column(NamedTuple):
    """A column of a table. `width` is in characters of Latin text, as Excel counts."""

    code: str
    heading: str
    kind: str = TEXT
    width: int = 12
    hidden: bool = False  # unless an office shows it


class Report(TextChoices):
    LEDGER = "ledger", _("Ledger of firms")
    COVERAGE = "coverage", _("Coverage table")
    QUARTERLY = "quarterly", _("Quarterly report")
    SHOULD_HAVE = "should_have", _("Firms that should have a branch of their own")


teach("report_table", dict(Report.choices))

SAYS = {
    Report.LEDGER: _("Every firm that is not closed, one row each."),
    Report.COVERAGE: _("Double coverage by township, line, industry and size."),
    Report.QUARTERLY: _("The figures of a quarter's end, and what changed since the one before."),
    Report.SHOULD_HAVE: _("Firms with enough full members that have no branch of their own yet."),
}
OF_FIRMS = (Report.LEDGER, Report.SHOULD_HAVE)  # a row is a firm; elsewhere it is a count

_NUMBER = Column("number", _("No."), NUMBER, 6)
_NAME = Column("name", _("Firm"), TEXT, 34)
_TOWN = Column("township", _("Township or park"), TEXT, 14)
_LINE = Column("line", _("Line department"), TEXT, 18)
_EMPLOYEES = Column("employees", _("Employees"), NUMBER, 9)
_STAGE = Column("stage", _("Stage"), TEXT, 14)
_SINCE = Column("stage_since", _("At this stage since"), DAY, 12)
_BRANCH = Column("branch", _("Branch"), TEXT, 26)
_INSTRUCTOR = Column("instructor", _("Instructor"), TEXT, 10)
_MEMBERS = Column("full_members", _("Full members"), NUMBER, 9)

COLUMNS = {
    Report.LEDGER: (
        _NUMBER, _NAME,
        Column("credit_code", _("Unified social credit code"), TEXT, 24),
        _TOWN, _LINE,
        Column("industry", _("Industry"), TEXT, 16),
        Column("trade", _("Line of business"), TEXT, 14, hidden=True),
        Column("size", _("Size"), TEXT, 8),
        Column("above_scale", _("Above scale"), TEXT, 8, hidden=True),
        _EMPLOYEES,
        Column("opened_on", _("Opened on"), DAY, 12, hidden=True),
        _STAGE, _SINCE, _BRANCH, _INSTRUCTOR, _MEMBERS,
        Column("mass_organisations", _("Mass organisations"), TEXT, 18),
        Column("operation", _("Operation"), TEXT, 9),
        Column("owner", _("Owner"), TEXT, 10, hidden=True),
        Column("contact", _("Contact person"), TEXT, 10, hidden=True),
        Column("phone", _("Contact phone"), TEXT, 14, hidden=True),
        Column("address", _("Address"), TEXT, 30, hidden=True),
    ),
    Report.SHOULD_HAVE: (
        _NUMBER, _NAME, _TOWN, _LINE, _EMPLOYEES, _MEMBERS, _STAGE, _SINCE, _BRANCH, _INSTRUCTOR,
        Column("remark", _("Why not yet, and what is planned"), TEXT, 30),
    ),
    # The codes below are those of the figures; ":part" and ":whole" count, ":share" is in percent.
    Report.COVERAGE: (
        Column("name", _("Township, line, industry or size"), TEXT, 28),
        Column("firms", _("Firms"), NUMBER, 9),
        Column("firms_with_members", _("Firms with full members"), NUMBER, 11),
        Column("standalone_rate:part", _("Firms with a branch of their own"), NUMBER, 11),
        Column("affiliated_firms", _("Firms in affiliated branches"), NUMBER, 11),
        Column("organisation_coverage:part", _("Organised"), NUMBER, 10),
        Column("organisation_coverage:share", _("Organisation coverage"), SHARE, 11),
        Column("with_instructor:part", _("Has an instructor"), NUMBER, 11),
        Column("really_worked_in:part", _("Was really worked in"), NUMBER, 11),
        Column("work_coverage:part", _("Work covered"), NUMBER, 10),
        Column("work_coverage:share", _("Work coverage"), SHARE, 11),
        Column("should_have_rate:whole", _("Enough members for a branch"), NUMBER, 11, hidden=True),
        Column("should_have_rate:share", _("Of them with a branch"), SHARE, 11, hidden=True),
    ),
    Report.QUARTERLY: (
        Column("item", _("Item"), TEXT, 44),
        Column("before", _("End of the quarter before"), NUMBER, 12),
        Column("came", _("Came"), NUMBER, 10),
        Column("left", _("Went out"), NUMBER, 10),
        Column("now", _("Now"), NUMBER, 12),
        Column("share", _("Share"), SHARE, 10),
    ),
}  # fmt: skip

NOTES = {
    Report.LEDGER: _("Members are counted, never named."),
    Report.COVERAGE: _(
        "Firms are counted, not branches. Organised: with a branch of their own or in an affiliated "
        "branch. Work covered: organised, or really worked in within the contact floor."
    ),
    Report.QUARTERLY: _("Firms, organisations and people are different counts and are not added up."),
    Report.SHOULD_HAVE: _("Only full members count towards a branch of one's own."),
}
SIGNS = (_("Filled in by:"), _("Checked by:"))
