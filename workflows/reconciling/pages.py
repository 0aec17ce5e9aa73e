"""What the page of a list shows: its rows by kind, what of them is to decide, in words."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflows.reconciling.comparing import KIND as COMPARING
from workflows.reconciling.models import CHOICES, AuthorityList, Decision, Kind, ListRow
from workflows.reconciling.ready import ready_entry

OPEN = Q(decision="")
SHOWN = {kind.value: (kind.label, OPEN & Q(kind=kind)) for kind in Kind} | {
    "decided": (pgettext_lazy("list", "Decided"), Q(kept=False) & ~OPEN),
    "kept": (_("Decided before, nothing new"), Q(kept=True)),
}
LABELS = {
    "address": _("address"), "owner_name": _("owner"), "contact_phone": _("contact phone"),
    "employees": _("employees"), "opened_on": _("opened on"), "industry": _("industry"),
    "size": _("size"), "place": _("Township or park"),
}  # fmt: skip


def counts(rows) -> dict[str, int]:
    """How many rows each tab holds. One statement."""
    return rows.aggregate(**{name: Count("pk", filter=which) for name, (_l, which) in SHOWN.items()})


def tabs(counted: dict[str, int], here: str) -> list[dict]:
    return [
        {"name": name, "label": label, "many": counted[name], "here": name == here}
        for name, (label, _which) in SHOWN.items()
        if counted[name] or name == here
    ]


def filled(rows: list[ListRow], *, by, on) -> list[ListRow]:
    """The rows with what their line of the table offers and says."""
    for row in rows:
        row.says = [(LABELS[key], said) for key, said in row.data.items() if key in LABELS]
        first = CHOICES[Kind(row.kind)][0]
        row.offer = first if not row.decision and first not in (Decision.IGNORE,) else None
        row.adds = Decision.ADD in CHOICES[Kind(row.kind)] and not row.decision
        row.ready = row.adds and ready_entry(row, by=by, on=on) is not None
        if row.offer == Decision.ADD:
            row.offer = Decision.ADD if row.ready else None
    return rows


def choices(show: str) -> list[tuple]:
    """What may be decided of the ticked rows of a tab."""
    return [(one.value, one.label) for one in CHOICES[Kind(show)]] if show in Kind.values else []


def running(made: AuthorityList):
    """The job that compares a list now, or that ended without comparing it."""
    return made.job if made.compared_at is None and made.job and made.job.kind == COMPARING else None
