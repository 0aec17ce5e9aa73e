"""Which area a board is made for; and what was typed on a page of its rows."""

from django import forms
from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.accounts.models import Area
from core.errors import Refused
from core.forms import KeyedForm
from core.people.pairs import TOWNSHIP
from workflows.assignments.acts import open_pairs
from workflows.matching.acts import make_board
from workflows.matching.making import waiting_in
from workflows.matching.models import BoardRow
from workflows.matching.rows import accept, choose, put_back, remove

AT_ONCE = 50  # rows of a page


class AreaForm(KeyedForm):
    """The choice of an area, each with how many of its firms wait."""

    area = forms.ChoiceField(label=_("For the firms of"))
    above_usual = forms.BooleanField(
        label=_("Where nobody else has room, go above the usual number, up to what is allowed"),
        required=False,
    )  # fmt: skip

    def __init__(self, *args, user, on, **given):
        super().__init__(*args, **given)
        self.user, self.on = user, on
        self.areas = areas_of(user)
        self.waiting = waiting_by_area(user, self.areas)
        self.fields["area"].choices = [(area.code, self._label(area)) for area in self.areas.values()]

    def _label(self, area: Area) -> str:
        many = self.waiting[area.code]
        return ngettext(
            "%(place)s: %(many)d firm without an instructor",
            "%(place)s: %(many)d firms without an instructor", many,
        ) % {"place": area.name, "many": many}  # fmt: skip

    @property
    def many(self) -> int:
        """How many firms of the person's whole area wait."""
        return self.waiting.get(self.user.area, 0)

    def start(self) -> str:
        """Have the board made; returns its page. Raises Refused."""
        chosen = self.cleaned_data
        board = make_board(
            self.areas[chosen["area"]], above_usual=chosen["above_usual"], by=self.user,
            key=chosen["key"], on=self.on,
        )  # fmt: skip
        return board.get_absolute_url()


def areas_of(user) -> dict[str, Area]:
    """A person's own area, and the townships and parks below it."""
    kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
    found = Area.objects.filter(code__startswith=user.area or "-")
    return {area.code: area for area in found if area.code == user.area or area.kind in kinds}


def waiting_by_area(user, areas) -> dict[str, int]:
    """How many firms of each area wait. A firm is counted with its township and with all above."""
    if not areas:
        return {}
    rows = waiting_in(user, user.area, open_pairs(user.county)).order_by()
    places = rows.annotate(place=Substr("area", 1, TOWNSHIP)).values_list("place")
    counted = dict(places.annotate(many=Count("pk")))
    return {
        code: sum(many for place, many in counted.items() if place.startswith(code[:TOWNSHIP]))
        for code in areas
    }


class RowsForm(KeyedForm):
    """What was done on a page of a board: whom one chose, one's own words, which rows are ticked,
    and which button was pressed. `rows` are those of the page."""

    act = forms.CharField(required=False)

    def __init__(self, *args, rows, user, **given):
        super().__init__(*args, **given)
        self.rows, self.user = list(rows), user
        self.ticked = set(self.data.getlist("row")) if self.is_bound else set()

    def typed(self, row: BoardRow) -> tuple[int | None, str]:
        """Whom one chose for a row, and one's own words; as they are kept, when nothing was sent."""
        guide = self.data.get(f"guide-{row.pk}", "")
        if not (guide.isascii() and guide.isdigit() and len(guide) < 19):
            return row.instructor_id, row.why
        return int(guide), self.data.get(f"why-{row.pk}", "")

    def clean(self):
        typed = super().clean()
        act, _colon, number = (typed.get("act") or "keep").partition(":")
        by_number = {str(row.pk): row for row in self.rows}
        self.act = act
        if act not in ("keep", "ticked", "one", "remove", "put_back"):
            raise forms.ValidationError(_("Choose what is to be done with these firms."))
        if act == "ticked":
            self.chosen = [row for row in self.rows if str(row.pk) in self.ticked]
            if not self.chosen:
                raise forms.ValidationError(_("Tick the firms first."))
        else:
            self.chosen = [by_number[number]] if number in by_number else []
        if act in ("one", "remove", "put_back") and not self.chosen:
            raise forms.ValidationError(_("This firm is not on the board any more. Look at it again."))
        return typed

    def carry_out(self, *, on, at) -> dict[str, int]:
        """Keep what was changed, then do what was asked; each row by itself. How many rows were put
        forward, and how many could not be. What cannot be kept is said as an error of the form."""
        kept = {row.pk for row in self.rows if self._keep(row, at)}
        done = {"proposed": 0, "refused": 0}
        for row in self.chosen:
            if row.pk not in kept:
                continue
            if self.act in ("ticked", "one"):
                state = accept(row, by=self.user, on=on, at=at).state
                if state in done:
                    done[state] += 1
            else:
                (remove if self.act == "remove" else put_back)(row, by=self.user, at=at)
        return done

    def _keep(self, row: BoardRow, at) -> bool:
        """Whether the row now says what was typed."""
        guide, why = self.typed(row)
        if guide is None:
            return True  # nobody was found: the row offers no choice
        try:
            choose(row, guide, why=why, by=self.user, at=at)
        except Refused as refusal:
            self.add_error(None, refusal.sentence)
            return False
        return True
