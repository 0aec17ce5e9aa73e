"""What a move entails, in the same transaction. Each changes the case in memory or other rows."""

from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Branch


def found_branch(case, *, by, on, branch_name="", **asked):
    """A branch of its own begins; an affiliated branch is left behind with its other firms."""
    if not branch_name:
        raise Refused(Refused.BAD_INPUT, _("Name the new branch."))
    case.branch = Branch.objects.create(
        county=case.county, area=case.area, line=case.line, name=branch_name,
        kind=Branch.Kind.STANDALONE, founded_on=on,
    )  # fmt: skip
    case.members.here().update(branch=case.branch)
    record("branch.founded", by=by, firm=case, branch=branch_name)


def dissolve_own_branch(case, *, by, on, **asked):
    own = case.branch
    if own and own.kind == Branch.Kind.STANDALONE:
        own.dissolved_on = on
        own.save(update_fields=["dissolved_on"])
        record("branch.dissolved", by=by, firm=case, branch=own.name)


def leave_branch(case, *, by, on, **asked):
    dissolve_own_branch(case, by=by, on=on)
    case.branch = None
