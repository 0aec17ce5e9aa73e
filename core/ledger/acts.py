"""What may be done to the ledger: register and change firms, branches, mass organisations, files."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.credit_code import normalised
from core.ledger.files import keep_file
from core.ledger.models import Branch, Firm, MassOrganisation
from core.ledger.names import listed
from core.ledger.permits import allow_in, locked, not_ahead
from core.ledger.spells import note

# What a form may change. Stage and operation change through the chart's door only.
ENTRY = (
    "area", "line", "credit_code", "name", "industry", "trade", "size", "above_scale", "seasonal",
    "employees", "turnover", "assets", "owner_name", "contact_name", "contact_phone", "address",
    "opened_on", "languages",
)  # fmt: skip

teach("kind", dict(MassOrganisation.Kind.choices))
teach("what", {name: Firm._meta.get_field(name).verbose_name for name in ENTRY})

# Called with a firm whose area or line changed, in the same transaction: others keep copies.
WHEN_REHOUSED: list[Callable[..., None]] = []
# Called with a firm that closes and `by`, in the same transaction: what goes on about it ends.
WHEN_CLOSES: list[Callable[..., None]] = []


@transaction.atomic
def register(*, by, on, **entry) -> Firm:
    """Enter a firm. Raises Refused when it is in the county's ledger already."""
    allow_in(by, "register", entry["area"])
    not_ahead(entry["opened_on"], on)
    firm = Firm(stage_since=on, **{name: entry[name] for name in ENTRY if name in entry})
    firm.credit_code, firm.languages = normalised(firm.credit_code), listed(firm.languages)
    _save_once(firm)
    note(firm, on=on)
    record("firm.registered", by=by, firm=firm, firm_name=firm.name)
    return firm


@transaction.atomic
def change(firm: Firm, *, by, on, version: int, verb: str = "register", **entry) -> Firm:
    """Change a firm's entry, as it was when the page with `version` was opened.

    With another `verb` than that of who keeps the ledger (an instructor who answers a survey) the
    firm stays where it is: another area is for those who register there.

    Raises Refused with FASTER, naming what is on record now, when somebody changed it meanwhile.
    """
    now = locked(firm, by=by, verb=verb)
    if verb == "register" or entry.get("area", now.area) != now.area:
        allow_in(by, "register", entry.get("area", now.area))
    entry = {name: entry[name] for name in ENTRY if name in entry}
    if "credit_code" in entry:
        entry["credit_code"] = normalised(entry["credit_code"])
    if "languages" in entry:
        entry["languages"] = listed(entry["languages"])
    not_ahead(entry.get("opened_on", now.opened_on), on)
    if entry.get("area", now.area)[:6] != now.county:
        raise Refused(Refused.BAD_INPUT, _("A firm cannot move to another county's ledger."))
    differs = [name for name in entry if getattr(now, name) != entry[name]]
    if not differs:
        return now
    if now.version != version:
        raise Refused(Refused.FASTER, _meanwhile(now, entry, differs))
    for name in differs:
        setattr(now, name, entry[name])
    now.version += 1
    _save_once(now)
    note(now, on=on)
    record("firm.changed", by=by, firm=now, firm_name=now.name, what=", ".join(differs))
    if {"area", "line"} & set(differs):
        for follow in WHEN_REHOUSED:
            follow(now, by=by)
    return now


def _meanwhile(now: Firm, entry: dict, differs: list[str]) -> str:
    typed = Firm(**entry)
    each = _("%(field)s: on record now “%(now)s”, you typed “%(typed)s”")
    said = [
        each
        % {
            "field": Firm._meta.get_field(name).verbose_name,
            "now": shown(now, name),
            "typed": shown(typed, name),
        }
        for name in differs
    ]
    return _(
        "Somebody changed this meanwhile: %(differences)s. Nothing was saved; send it again to keep "
        "what you typed."
    ) % {"differences": "; ".join(said)}


def shown(firm: Firm, name: str) -> str:
    """A value of a firm's entry, in the reader's language."""
    value = getattr(firm, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if Firm._meta.get_field(name).choices:
        return str(getattr(firm, f"get_{name}_display")())
    return "–" if value in (None, "") else str(value)


def _save_once(firm: Firm) -> None:
    """Save; a code that the county has already is refused by name, also when two come together."""
    county = firm.area[:6]
    twins = Firm.objects.filter(county=county, credit_code=firm.credit_code).exclude(pk=firm.pk)
    twin = twins.first()
    if twin is None:
        try:
            with transaction.atomic():
                firm.save()
                return
        except IntegrityError:
            twin = twins.first()
            if twin is None:
                raise
    raise Refused(
        Refused.BAD_INPUT,
        _("%(firm)s is already in the ledger with the credit code %(code)s.")
        % {"firm": twin.name, "code": twin.credit_code},
    )


@transaction.atomic
def record_mass_organisation(
    firm: Firm, *, kind, name, approval_number, approved_on, members, by, on
) -> MassOrganisation:
    """Record a mass organisation under the number that the next-higher organisation gave it."""
    firm = locked(firm, by=by, verb="register")
    not_ahead(approved_on, on)
    approval_number = approval_number.strip()
    if not approval_number:
        raise Refused(
            Refused.BAD_INPUT,
            _("Without the approval number of the next-higher organisation it cannot be recorded."),
        )
    twin = (
        MassOrganisation.objects.filter(county=firm.county, approval_number=approval_number)
        .select_related("firm")
        .first()
    )
    if twin:
        raise Refused(
            Refused.BAD_INPUT,
            _("The approval number %(number)s belongs to %(name)s already.")
            % {"number": approval_number, "name": twin.name},
        )
    made = MassOrganisation.objects.create(
        firm=firm, county=firm.county, kind=kind, name=name, approval_number=approval_number,
        approved_on=approved_on, members=members,
    )  # fmt: skip
    record("mass_organisation.recorded", by=by, firm=firm, kind=kind, name=name, number=approval_number)
    return made


@transaction.atomic
def change_mass_organisation(held: MassOrganisation, *, by, on, **changes) -> MassOrganisation:
    """Change what is known of a mass organisation: its name, members, the day of its approval or of
    its end. Its kind and approval number tell it, and stay. Raises Refused."""
    locked(held.firm, by=by, verb="register")
    now = MassOrganisation.objects.select_for_update(of=("self",)).get(pk=held.pk)
    for field, value in changes.items():
        setattr(now, field, value)
    for day in filter(None, (now.approved_on, now.dissolved_on)):
        not_ahead(day, on)
    if now.dissolved_on and now.dissolved_on < now.approved_on:
        raise Refused(
            Refused.BAD_INPUT,
            _("It was approved on %(day)s; it cannot end before.")
            % {"day": date_format(now.approved_on)},
        )
    now.save(update_fields=list(changes))
    record("mass_organisation.changed", by=by, firm=held.firm, kind=now.kind, name=now.name,
           number=now.approval_number)  # fmt: skip
    return now


@transaction.atomic
def found_affiliated_branch(*, name, area, line, secretary, founded_on, by, on) -> Branch:
    """Found a branch for several small firms. They join it by a move of the chart, one by one."""
    allow_in(by, "register", area)
    not_ahead(founded_on, on)
    if Branch.objects.standing().filter(county=area[:6], name=name).exists():
        raise Refused(
            Refused.BAD_INPUT, _("There is a branch of the name %(name)s already.") % {"name": name}
        )
    branch = Branch.objects.create(
        county=area[:6], area=area, line=line, name=name, secretary=secretary,
        kind=Branch.Kind.AFFILIATED, founded_on=founded_on,
    )  # fmt: skip
    record("branch.founded", by=by, chain=f"branch:{branch.pk}", area=area, branch=name)
    return branch


@transaction.atomic
def add_files(firm: Firm, files, *, by) -> list:
    """Keep files with a firm, all or none."""
    firm = locked(firm, by=by, verb="propose")
    return [keep_file(firm, uploaded, by=by) for uploaded in files]
