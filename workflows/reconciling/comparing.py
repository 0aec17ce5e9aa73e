"""Comparing a list with the ledger: a kind of long job. Nothing is written before all is known; then
everything, in one transaction with the job's checkpoint."""

from collections import defaultdict
from hashlib import sha256

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.jobs.kinds import Step, job
from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.rulebook import rule
from workflows.engine.models import Process
from workflows.reconciling.likeness import Compared, Found, Known, bare, compare, is_struck
from workflows.reconciling.models import AuthorityList, Decision, FormerName, KeptDecision, ListRow

KIND = "list_comparing"
BATCH = 500  # rows of one INSERT
ENDINGS = ("街道", "园区", "县", "市", "区", "镇", "乡")


def page_of_list(given: dict) -> str:
    return reverse("reconciling:list", args=[given["list"]])


@job(
    KIND,
    label=gettext_lazy("Comparing a list with the ledger"),
    title=gettext_lazy("Comparing {name} with the ledger"),
    verb="reconcile",
    page=page_of_list,
)
def compare_list(work):
    """The steps of the job: read the ledger as its person sees it, compare, write."""
    made = AuthorityList.objects.visible_to(work.by).get(pk=work.given["list"])
    if made.compared_at:
        return None  # everything was written; only the end was not reached
    entries = made.rows
    total = len(entries) + 1
    yield Step(0, total)
    on = timezone.localdate()
    steps = compare(
        entries, ledger_of(work.by), places=places_of(made.office), complete=made.complete,
        least=rule("list_name_likeness", on=on).value,
    )  # fmt: skip
    result = yield from _told(steps, total)
    yield Step(total, total, {"written": True}, lambda: write_down(made, result))
    return None


def _told(steps, total: int):
    try:
        while True:
            yield Step(next(steps), total)
    except StopIteration as end:
        return end.value


def ledger_of(user) -> list[Known]:
    """The firms that a person sees, closed ones too, with the names that they had. Others are never
    compared. Two statements."""
    former = defaultdict(tuple)
    for firm, name in FormerName.objects.visible_to(user).values_list("firm_id", "name"):
        former[firm] += (name,)
    firms = Firm.objects.visible_to(user).order_by("pk")
    rows = firms.values_list("pk", "name", "credit_code", "operation")
    return [
        Known(pk, name, code, operation == Operation.CLOSED, former[pk])
        for pk, name, code, operation in rows.iterator(chunk_size=5000)
    ]


def places_of(office: str) -> tuple[str, ...]:
    """The names with which firms of a county begin, the longest first: 青岚县, 青岚, 茗泉镇 …"""
    names = set()
    for name in Area.objects.filter(code__startswith=office[:6]).values_list("name", flat=True):
        short = next((name[: -len(end)] for end in ENDINGS if name.endswith(end)), "")
        names |= {bare(one) for one in (name, short) if len(one) > 1}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def write_down(made: AuthorityList, result: Compared) -> None:
    """Keep what differs; what was decided before and is not new comes decided."""
    kept = {
        one.subject: one for one in KeptDecision.objects.filter(office=made.office, source=made.source)
    }
    under_way = set(
        Process.objects.open().filter(subject="transition", county=made.office[:6])
        .values_list("firm_id", flat=True)
    )  # fmt: skip
    rows = [_row(made, found, kept, under_way) for found in result.found]
    ListRow.objects.bulk_create(rows, batch_size=BATCH)
    made.rows, made.same, made.repeated = [], result.same, result.repeated
    made.compared_at = timezone.now()
    made.save(update_fields=["rows", "same", "repeated", "compared_at"])


def _row(made: AuthorityList, found: Found, kept: dict, under_way: set) -> ListRow:
    entry = found.entry or {"line": None, "name": found.firm.name,
                            "credit_code": found.firm.credit_code}  # fmt: skip
    more = {key: said for key, said in entry.items()
            if key not in ("line", "name", "credit_code", "status")}  # fmt: skip
    row = ListRow(
        list=made, kind=found.kind, line=entry["line"], name=entry["name"], data=more,
        credit_code=entry["credit_code"], status=entry.get("status", "")[:64],
        firm_id=found.firm.pk if found.firm else None, likeness=found.likeness,
    )  # fmt: skip
    row.subject = subject_of(row)
    row.mark = mark_of(row)
    before = kept.get(row.subject)
    if before and before.mark == row.mark and _still_holds(before, row, under_way):
        row.decision, row.reason, row.kept = before.decision, before.reason, True
        row.by_id, row.at = before.by_id, before.at
    return row


def _still_holds(before: KeptDecision, row: ListRow, under_way: set) -> bool:
    """What was left as it is stays so; that a firm has closed only while its closing is proposed."""
    if before.decision == Decision.CLOSED:
        return row.firm_id in under_way
    return before.decision == Decision.IGNORE


def subject_of(row: ListRow) -> str:
    """What a difference is about, the same from quarter to quarter."""
    if row.line is None:
        return f"firm:{row.firm_id}"
    return row.credit_code or f"name:{bare(row.name)}"


def mark_of(row: ListRow) -> str:
    """Changes when the list says something new: another kind, name or status, another firm."""
    status = "struck" if is_struck(row.status) else row.status
    said = "|".join((str(row.kind), bare(row.name), status, str(row.firm_id or "")))
    return sha256(said.encode()).hexdigest()
