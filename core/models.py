"""Every table of this app, by room."""

from core.accounts.absence import Leave
from core.accounts.models import Area, LineDepartment, SendingUnit, User
from core.api.models import PlatformToken, PlatformUse
from core.audit.models import ChainHead, Event, Seal
from core.contact_cards.models import TierContact, VisitingDays
from core.credentials.models import Card, Credential, CredentialMove, CredentialSeries, Portrait
from core.exchange.models import Sheet
from core.figures.kept import FirmFacts, Keeping, Tally, Touched, TrendPoint
from core.figures.printed import PrintedFigure
from core.imports.models import AppliedRow, Import, StagedRow
from core.jobs.models import Job
from core.ledger.attachments import Attachment
from core.ledger.models import (
    Branch,
    Firm,
    FirmContact,
    MassOrganisation,
    StageChange,
)
from core.ledger.spells import Spell
from core.letters.models import Letter, Letterhead
from core.people.history import EntryVersion
from core.people.models import Assignment, GuidanceRecord, Instructor, Member
from core.people.standing import Standing
from core.people.ties import Tie
from core.people.training import Training
from core.receipts import Receipt
from core.reports.copies import ReportedCopy
from core.reports.layouts import ReportLayout

__all__ = [
    "AppliedRow",
    "Area",
    "Assignment",
    "Attachment",
    "Branch",
    "Card",
    "ChainHead",
    "Credential",
    "CredentialMove",
    "CredentialSeries",
    "EntryVersion",
    "Event",
    "Firm",
    "FirmContact",
    "FirmFacts",
    "GuidanceRecord",
    "Import",
    "Instructor",
    "Job",
    "Keeping",
    "Leave",
    "Letter",
    "Letterhead",
    "LineDepartment",
    "MassOrganisation",
    "Member",
    "PlatformToken",
    "PlatformUse",
    "Portrait",
    "PrintedFigure",
    "Receipt",
    "ReportLayout",
    "ReportedCopy",
    "Seal",
    "SendingUnit",
    "Spell",
    "Sheet",
    "StageChange",
    "StagedRow",
    "Standing",
    "Tally",
    "Tie",
    "TierContact",
    "Touched",
    "Training",
    "TrendPoint",
    "User",
    "VisitingDays",
]
