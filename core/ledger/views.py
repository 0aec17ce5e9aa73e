"""The list of firms."""

from django.contrib.auth.decorators import login_required
from django.db.models import Case, IntegerField, Prefetch, Value, When
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area, LineDepartment
from core.ledger.filters import FILTERS, HAS, firms_where
from core.ledger.kinds import Industry, Size
from core.ledger.models import Firm
from core.ledger.paging import counted, page_of
from core.ledger.search import firms_named, tidy
from core.ledger.stages import Operation, Stage
from core.people.models import Assignment

STAGE_RANK = Case(
    *[When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage.values)],
    output_field=IntegerField(),
)
# Column, downwards at first, label.
SORTS = {
    "name": ("pinyin", False, gettext_lazy("Firm")),
    "stage": ("stage_rank", False, gettext_lazy("Stage")),
    "employees": ("employees", True, gettext_lazy("Employees")),
    "since": ("stage_since", False, gettext_lazy("At this stage since")),
}


@login_required
def firms(request):
    """Firms within reach, searched, filtered and sorted by what is in the address."""
    given, today = request.GET, timezone.localdate()
    found, in_force = firms_where(Firm.objects.visible_to(request.user), given, on=today)
    typed = tidy(given.get("q", ""))
    if typed:
        found = found.filter(firms_named(typed))
    sort = given.get("sort", "name")
    sort = sort if sort.removeprefix("-") in SORTS else "name"
    column, down, _label = SORTS[sort.removeprefix("-")]
    if column == "stage_rank":
        found = found.annotate(stage_rank=STAGE_RANK)
    shown = page_of(
        found.select_related("line").prefetch_related(_instructors()),
        by=column,
        down=down != sort.startswith("-"),
        before=given.get("before", ""),
        after=given.get("after", ""),
    )
    areas = _areas_below(request.user)
    lines = list(LineDepartment.objects.filter(county=request.user.county))
    page = {
        "rows": [_row(firm, areas) for firm in shown.rows],
        "shown": shown,
        "counted": counted(found),
        "q": typed,
        "sort": sort,
        "sorts": _sorts(given, sort),
        "choices": _choices(given, areas, lines),
        "instructor": given.get("instructor", ""),
        "in_force": [_chip(given, name, value, areas, lines) for name, value in in_force],
        "searched": bool(typed or in_force),
        "with_closed": _address(given, operation="all"),
        "names_closed": any(name == "operation" for name, _value in in_force),
        "earlier": _address(given, before=shown.before) if shown.before else "",
        "later": _address(given, after=shown.after) if shown.after else "",
        "may_register": request.user.may("register"),
    }
    return render(request, "ledger/firms.html", page)


def _instructors() -> Prefetch:
    return Prefetch(
        "assignments",
        Assignment.objects.current().select_related("instructor").only("firm", "instructor__name"),
        to_attr="guided_now",
    )


def _row(firm, areas) -> dict:
    place = next((area.name for area in areas if firm.area.startswith(area.code)), "")
    return {"firm": firm, "place": place, "instructors": [a.instructor.name for a in firm.guided_now]}


def _areas_below(user) -> list[Area]:
    """The next level of divisions within a person's area: what the list may be narrowed to."""
    kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
    if len(user.area) < 6:
        kinds = (Area.Kind.COUNTY,)
    elif len(user.area) > 6:
        kinds = (*kinds, Area.Kind.VILLAGE)
    below = Area.objects.filter(code__startswith=user.area, kind__in=kinds)
    return list(below) if user.area else []


def _address(given, **changes) -> str:
    """This list with some of the address changed; without the place in the pages."""
    kept = given.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    for name, value in changes.items():
        kept[name] = value
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    return f"{reverse('ledger:firms')}?{kept.urlencode()}"


def _chip(given, name, value, areas, lines) -> dict:
    """One filter in force, and the address of the list without it."""
    kept = given.copy()
    kept.setlist(name, [other for other in kept.getlist(name) if other != value])
    words = {
        "township": {area.code: area.name for area in areas},
        "line": {str(line.pk): line.name for line in lines} | {"none": _("not managed by a line")},
        "stage": dict(Stage.choices),
        "size": dict(Size.choices),
        "industry": dict(Industry.choices),
        "operation": dict(Operation.choices) | {"all": _("closed ones too")},
        "has": {key: has.label for key, has in HAS.items()},
    }
    return {
        "label": FILTERS[name].label,
        "value": words.get(name, {}).get(value, value),
        "without": _address(kept),
    }


def _choices(given, areas, lines) -> list[dict]:
    """The drop-down filters: name, label, and options with the chosen one marked."""
    offered = {
        "township": [(area.code, area.name) for area in areas] if len(areas) > 1 else [],
        "line": [(str(line.pk), line.name) for line in lines] + [("none", _("none"))],
        "stage": Stage.choices,
        "size": Size.choices,
        "industry": Industry.choices,
        "operation": [*Operation.choices, ("all", _("closed ones too"))],
        "has": [(key, has.label) for key, has in HAS.items()],
    }
    return [
        {
            "name": name,
            "label": FILTERS[name].label,
            "options": [(value, label, value in given.getlist(name)) for value, label in options],
        }
        for name, options in offered.items()
        if options
    ]


def _sorts(given, sort: str) -> dict:
    """For each column that sorts: its label, the address that sorts by it, and how it is now."""
    links = {}
    for name, (_column, down, label) in SORTS.items():
        here = sort.removeprefix("-") == name
        turned = f"-{name}" if here and not sort.startswith("-") else name
        falling = down != sort.startswith("-")
        links[name] = {
            "label": label,
            "to": _address(given, sort=turned),
            "now": ("descending" if falling else "ascending") if here else "",
        }
    return links
