"""What the page of a firm shows from the ledger: its entry, people, branch, records and files.

`case_parts` gives the words for templates/ledger/parts/*.html; `all.html` shows them all.
"""

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from core.accounts.absence import Leave
from core.accounts.models import Area
from core.ledger.attachments import Attachment
from core.ledger.files import INLINE
from core.ledger.stages import Operation
from core.people.models import GuidanceRecord, Member
from core.people.who import prefixes

GUIDANCE_SHOWN = 5
MEMBERS_SHOWN = 20


def case_parts(firm, user) -> dict:
    """The blocks of a firm's page for one reader, who must see the firm (at most 9 statements).

    Load the firm with its line and branch to spare two of them.
    """
    guidance = GuidanceRecord.objects.visible_to(user).filter(firm=firm).select_related("by")
    records = list(guidance[: GUIDANCE_SHOWN + 1])
    open_still = firm.operation != Operation.CLOSED
    return {
        "firm": firm,
        "places": list(Area.objects.filter(code__in=prefixes(firm.area))),
        "assignment": _guided(firm),
        **_members(firm, user),
        "mass": list(firm.mass_organisations.standing().order_by("approved_on")),
        "records": records[:GUIDANCE_SHOWN],
        "reads_record": user.may("read_record"),
        "more_records": len(records) > GUIDANCE_SHOWN,
        "files": [
            {"file": kept, "on_screen": kept.content_type in INLINE}
            for kept in Attachment.objects.visible_to(user)
            .filter(firm=firm)
            .select_related("by")
            .order_by("-at")
        ],
        "may": {
            verb: open_still and user.may(verb)
            for verb in ("register", "propose_assignment", "keep_members", "record_guidance", "propose")
        },
        "sees_instructors": user.may("see") and user.role != "contact",
    }


def _guided(firm):
    """The assignment that runs now; with who stands in, and until when, while the instructor is on
    leave."""
    leaves = Leave.objects.on(timezone.localdate()).filter(person=OuterRef("instructor__user"))
    return (
        firm.assignments.current()
        .select_related("instructor__unit")
        .annotate(
            away_until=Subquery(leaves.values("until")[:1]),
            stands_in=Subquery(leaves.values("substitute__name")[:1]),
        )
        .first()
    )


def _members(firm, user) -> dict:
    """Masked names for those who keep members, numbers for everybody else, and for nobody more."""
    here = Member.objects.here().filter(firm=firm).order_by()
    have = dict(here.values_list("kind").annotate(have=Count("pk")))
    shown = []
    if user.may("keep_members"):
        shown = list(Member.objects.visible_to(user).here().filter(firm=firm).order_by("since", "pk"))
    return {
        "member_counts": [(label, have[kind]) for kind, label in Member.Kind.choices if kind in have],
        "members": shown[:MEMBERS_SHOWN],
        "more_members": max(0, len(shown) - MEMBERS_SHOWN),
    }
