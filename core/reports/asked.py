"""What somebody asks for: which table, of which day, over whose firms, in which form."""

from dataclasses import asdict, dataclass
from datetime import date

from django.http import QueryDict
from django.utils.functional import cached_property

from core.accounts.models import LineDepartment, User
from core.accounts.readers import reader
from core.accounts.verbs import Role
from core.figures.ledger import Ledger

XLSX, PDF = "xlsx", "pdf"


@dataclass(frozen=True)
class Asked:
    """A table of one office's firms on a day. Counted over the area or the line, whoever asks: who
    stands in for a colleague elsewhere gets their own office's figures under its name."""

    report: str
    on: date
    today: date
    area: str
    line: int | None = None
    filters: str = ""  # of the list of firms as its address has them; today's ledger only
    form: str = XLSX
    language: str = "zh-hans"

    @property
    def past(self) -> bool:
        return self.on < self.today

    @cached_property
    def reader(self) -> User:
        return reader(self.area, self.line)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.reader, self.on, past=self.past)

    @cached_property
    def place(self) -> str:
        return place_of(self.area, self.line)

    @property
    def chosen(self) -> QueryDict:
        return QueryDict(self.filters)

    def as_json(self) -> dict:
        """For a job, which is started elsewhere."""
        return asdict(self) | {"on": self.on.isoformat(), "today": self.today.isoformat()}


def from_json(given: dict) -> Asked:
    days = {name: date.fromisoformat(given[name]) for name in ("on", "today")}
    return Asked(**({name: given[name] for name in Asked.__dataclass_fields__} | days))


def scope_of(user, place: str = "") -> tuple[str, int | None]:
    """Over which firms a person's table is counted: those of their area or a part of it, or those
    of their line. A place beyond their area counts for nothing."""
    if user.role == Role.LINE:
        return user.area, user.line_id
    return (place if user.area and place.startswith(user.area) else user.area), None


def place_of(area: str, line: int | None = None) -> str:
    """The name of an area, or of a line department."""
    if line:
        return LineDepartment.objects.values_list("name", flat=True).get(pk=line)
    return User(area=area).place
