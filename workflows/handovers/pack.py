"""The pack that is handed over: what the desk knows of a firm and what its instructor adds, as data;
and in words, for the page and the paper. It names no member; their number is for who may see it."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.sentences import VOCABULARY
from core.ledger.attachments import Attachment
from core.ledger.kinds import Industry
from core.ledger.models import Firm, StageChange
from core.ledger.stages import Operation, Stage, Verb
from core.people.models import GuidanceRecord, Member
from workflows.engine.models import Task
from workflows.handovers.models import Handover

GUIDANCE_DAYS = 365  # of the last year
KINDS, SIZES = dict(GuidanceRecord.Kind.choices), dict(Firm._meta.get_field("size").choices)


def pack_of(handover: Handover, *, on: date) -> dict:
    """What is handed over, as it stands on a day: JSON, with codes and not with words, so that it
    reads in either language."""
    firm, assignment = handover.firm, handover.assignment
    return {
        "on": on.isoformat(),
        "firm": {
            "name": firm.name, "credit_code": firm.credit_code, "industry": firm.industry,
            "size": firm.size, "employees": firm.employees, "address": firm.address,
            "languages": firm.languages, "stage": firm.stage, "operation": firm.operation,
            "stage_since": firm.stage_since.isoformat(),
            "branch": firm.branch.name if firm.branch else "",
        },
        "contacts": [
            {"is": what, "name": name, "phone": phone}
            for what, name, phone in (
                ("contact", firm.contact_name, firm.contact_phone), ("owner", firm.owner_name, "")
            ) if name or phone
        ],
        "left": {
            "name": assignment.instructor.name, "unit": assignment.instructor.sending_unit,
            "phone": assignment.instructor.phone, "since": assignment.since.isoformat(),
            "until": assignment.until.isoformat(), "why": assignment.ended_as,
        },
        "members": {
            kind: Member.objects.here().filter(firm=firm, kind=kind).count()
            for kind in Member.Kind.values
        },
        "path": _path(firm), "tasks": _tasks(handover), **_guidance(firm, on),
        "files": [
            {"name": name, "on": timezone.localdate(at).isoformat()}
            for name, at in Attachment.objects.filter(firm=firm).values_list("name", "at")
        ],
        "said": {name: getattr(handover, name) for name in ("promises", "whom_to_call", "what_next")},
        "signed": {"handed": _signed(handover, "handed"), "taken": _signed(handover, "taken")},
        "remark": handover.remark,
    }  # fmt: skip


def _path(firm) -> list[dict]:
    rows = StageChange.objects.filter(firm=firm).order_by("on", "pk")
    return [{"on": row.on.isoformat(), "verb": row.verb, "target": row.target} for row in rows]


def _tasks(handover) -> list[dict]:
    """What is open at the firm, but for handing it over."""
    rows = Task.objects.human().open().filter(firm=handover.firm_id).exclude(process=handover.pk)
    return [
        {
            "step": task.step, "about": task.process.data.get("verb") or task.process.subject,
            "due": timezone.localdate(task.due_at).isoformat() if task.due_at else "",
            "with": task.owner.name if task.owner else "",
        }
        for task in rows.select_related("process", "owner").order_by("due_at", "pk")
    ]  # fmt: skip


def _guidance(firm, on: date) -> dict:
    rows = GuidanceRecord.objects.filter(firm=firm)
    lately = rows.filter(on__gt=on - timedelta(days=GUIDANCE_DAYS)).select_related("by")
    return {
        "guidance": [
            {"on": r.on.isoformat(), "kind": r.kind, "done": r.done, "by": r.by.name} for r in lately
        ],
        "unsettled": [
            {"on": r.on.isoformat(), "what": r.follow_up,
             "until": r.follow_up_on.isoformat() if r.follow_up_on else ""}
            for r in rows.unsettled().order_by("on", "pk")
        ],
    }  # fmt: skip


def _signed(handover, side: str) -> dict | None:
    at = getattr(handover, f"{side}_at")
    if at is None:
        return None
    whose = getattr(handover, f"{side}_for")
    return {
        "name": getattr(handover, f"{side}_by").name, "for": whose.name if whose else "",
        "office": getattr(handover, f"{side}_office"), "at": at.isoformat(),
    }  # fmt: skip


# -- in words


def shown(handover: Handover, user: User, *, on: date) -> dict:
    """The pack for a page or a paper, in the reader's language: what was signed, or as it stands
    now while it is not. The number of members only for who keeps members and sees the firm."""
    pack = handover.pack or pack_of(handover, on=on)
    counts = user.may("keep_members") and Firm.objects.visible_to(user).filter(pk=handover.firm_id)
    firm, left = pack["firm"], pack["left"]
    return {
        "pack": pack, "signed_off": handover.pack is not None, "on": _day(pack["on"]),
        "facts": _facts(firm, pack["members"] if counts and counts.exists() else None),
        "stage": Stage(firm["stage"]), "operation": Operation(firm["operation"]).label,
        "left": left | {
            "since": _day(left["since"]), "until": _day(left["until"]),
            "why": dict(handover.assignment.End.choices).get(left["why"], ""),
        },
        "contacts": [
            row | {"is": _("Contact person") if row["is"] == "contact" else _("Owner")}
            for row in pack["contacts"]
        ],
        "path": [
            {"on": _day(row["on"]), "what": Verb(row["verb"]).label} for row in pack["path"]
        ],
        "tasks": [_task(row) for row in pack["tasks"]],
        "guidance": [
            row | {"on": _day(row["on"]), "kind": KINDS.get(row["kind"], "")}
            for row in pack["guidance"]
        ],
        "unsettled": [
            row | {"on": _day(row["on"]), "until": _day(row["until"])} for row in pack["unsettled"]
        ],
        "files": [row | {"on": _day(row["on"])} for row in pack["files"]],
        "signatures": [
            {"side": side, "title": title, "signed": _moment(pack["signed"][side])}
            for side, title in (("handed", _("Handed over by")), ("taken", _("Taken over by")))
        ],
    }  # fmt: skip


def _facts(firm: dict, members: dict | None) -> list[tuple]:
    """Pairs of a word and what is said under it."""
    kinds = dict(Member.Kind.choices)
    rows = [
        (_("Credit code"), firm["credit_code"]),
        (_("Industry"), dict(Industry.choices).get(firm["industry"], "")),
        (_("Size"), SIZES.get(firm["size"], "")),
        (_("Employees"), firm["employees"]),
        (_("Address"), firm["address"]),
        (_("Languages"), firm["languages"]),
        (_("Branch"), firm["branch"]),
    ]
    if members is not None:
        rows += [(kinds[kind], str(count)) for kind, count in members.items()]
    return [(word, said) for word, said in rows if said not in ("", None)]


def _task(row: dict) -> dict:
    about = VOCABULARY["about"].get(row["about"], "")
    title = VOCABULARY["task"].get(row["step"], row["step"])
    return row | {"title": title, "about": about, "due": _day(row["due"])}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(signed: dict | None) -> dict | None:
    if signed is None:
        return None
    return signed | {"at": timezone.localtime(datetime.fromisoformat(signed["at"]))}


def suggested(handover: Handover, *, on: date) -> dict:
    """What the form begins with: what was promised and is not settled, whom the firm names, what
    is open. Whoever leaves changes it."""
    words = shown_parts(pack_of(handover, on=on))
    return {name: "\n".join(rows)[:2000] for name, rows in words.items()}


def shown_parts(pack: dict) -> dict[str, list[str]]:
    unsettled = [row["what"] or _("(said without words)") for row in pack["unsettled"]]
    people = [" ".join(filter(None, (row["name"], row["phone"]))) for row in pack["contacts"]]
    tasks = [_task(row) for row in pack["tasks"]]
    return {
        "promises": unsettled,
        "whom_to_call": people,
        "what_next": [
            f"{row['title']}{_(': ')}{row['about']}" if row["about"] else str(row["title"])
            for row in tasks
        ],
    }
