"""What an instructor's entry said, and from when: each change keeps the whole entry, nothing is
written over."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.days import midnight
from core.ledger.kinds import Industry
from core.people.models import Instructor

KEPT = (
    "name", "area", "further_areas", "unit", "specialty", "trade", "kind", "mode", "languages",
    "takes_more_from", "phone", "user", "full_member", "term_from", "term_until", "left_on",
)  # fmt: skip
CHOICES = {"trade": Industry, "kind": Instructor.Kind, "mode": Instructor.Mode}
DAYS = ("takes_more_from", "term_from", "term_until", "left_on")


class EntryVersion(models.Model):
    """An instructor's entry as it stood from a moment on. The database refuses to change it."""

    class Came(models.TextChoices):
        BEFORE = "before", gettext_lazy("as it was when the history begins")
        RECORDED = "recorded", gettext_lazy("recorded")
        CHANGED = "changed", gettext_lazy("changed by hand")
        IMPORTED = "imported", gettext_lazy("read from an Excel file")
        TERM = "term", gettext_lazy("term renewed")
        STANDING = "standing", gettext_lazy("standing")
        LEFT = "left", gettext_lazy("stopped")
        ACCOUNT = "account", gettext_lazy("account")

    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    came = models.CharField(max_length=10, choices=Came)
    entry = models.JSONField()  # field → text, a day as 2026-11-25, a list of division codes

    class Meta:
        ordering = ["instructor", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "number"], name="version_of_an_entry_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} v{self.number}"


def entry_of(instructor: Instructor) -> dict:
    """The entry as it stands, in words that JSON keeps. Two statements at most."""
    areas = instructor.further_areas.values_list("code", flat=True) if instructor.pk else ()
    said = {"further_areas": sorted(areas), "unit": instructor.unit.name}
    said["user"] = instructor.user.username if instructor.user else ""
    for name in KEPT:
        if name not in said:
            value = getattr(instructor, name)
            said[name] = value.isoformat() if isinstance(value, date) else value
    return said


def keep(instructor: Instructor, *, before: dict | None, by, came: str) -> list[str]:
    """Keep the entry as it is now, and give back which fields differ from `before` (None for a new
    entry). Whoever writes an entry holds its row, and calls this in the same transaction."""
    now = entry_of(instructor)
    if before == now:
        return []
    kept = EntryVersion.objects.filter(instructor=instructor)
    last = kept.aggregate(last=models.Max("number"))["last"]
    if last is None and before is not None:
        first = EntryVersion.Came.BEFORE
        EntryVersion.objects.create(instructor=instructor, number=0, came=first, entry=before)
    number = (last or 0) + 1
    EntryVersion.objects.create(
        instructor=instructor, number=number, by=by, came=came, entry=now
    )  # fmt: skip
    return differing(before or {}, now)


def differing(before: dict, now: dict) -> list[str]:
    """The fields that two versions do not have in common, in the order of the entry."""
    return [name for name in KEPT if before.get(name) != now.get(name)]


def entry_on(instructor: Instructor, day: date) -> dict | None:
    """The entry as it stood at the end of a day; None when it was not on record then."""
    versions = list(instructor.versions.order_by("number"))
    if not versions:
        return entry_of(instructor)  # never changed since it was made
    then = [one for one in versions if one.at < midnight(day + timedelta(days=1))]
    if not then and versions[0].came == EntryVersion.Came.BEFORE:
        return versions[0].entry
    return then[-1].entry if then else None


def story(instructor: Instructor) -> list[dict]:
    """The changes of an entry, the newest first: when, by whom, and for each field what it said
    before and what after. Two statements."""
    versions = list(instructor.versions.select_related("by").order_by("number"))
    places = _places(one.entry for one in versions)
    told, before = [], {}
    for one in versions:
        fields = differing(before, one.entry) if before else []
        told.append({
            "version": one,
            "changes": [
                (label(name), shown(name, before.get(name), places),
                 shown(name, one.entry.get(name), places))
                for name in fields
            ],
        })  # fmt: skip
        before = one.entry
    return told[::-1]


def read_out(entry: dict) -> list[tuple[str, str]]:
    """Every field of a version with its label, as a person reads it. One statement."""
    places = _places([entry])
    return [(label(name), shown(name, entry.get(name), places)) for name in KEPT]


def label(name: str) -> str:
    return str(Instructor._meta.get_field(name).verbose_name)


def shown(name: str, value, places: dict[str, str]) -> str:
    """A value of a version in the reader's language; "–" for none. `places`: code → name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not value:
        return "–"
    if name in CHOICES:
        return str(CHOICES[name](value).label) if value in CHOICES[name].values else value
    if name in DAYS:
        return date_format(parse_date(value))
    if name == "further_areas":
        return _(", ").join(places.get(code, code) for code in value)
    return places.get(value, value) if name == "area" else value


def _places(entries) -> dict[str, str]:
    codes = {code for one in entries for code in (one["area"], *one["further_areas"])}
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
