from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.credentials.printing import printable
from core.forms import KeyedForm


class IssueForm(KeyedForm):
    """A page with one button: the number comes by itself."""


class ReasonForm(KeyedForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the credential."),
    )  # fmt: skip

    def __init__(self, *args, asked: bool, **given):
        super().__init__(*args, **given)
        self.fields["reason"].required = asked


class PortraitForm(KeyedForm):
    picture = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "JPEG or PNG, 10 MB at most. It is cropped to the card; what the camera noted is removed."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": _("Choose a picture.")},
    )
    zoom = forms.IntegerField(
        label=_("Zoom (percent)"), min_value=100, max_value=400, initial=100,
        help_text=_("100 takes as much of the picture as fits the card."),
    )  # fmt: skip
    across = forms.IntegerField(
        label=_("From left to right (percent)"), min_value=0, max_value=100, initial=50,
        help_text=_("0 keeps the left edge, 50 the middle, 100 the right edge."),
    )  # fmt: skip
    down = forms.IntegerField(
        label=_("From top to bottom (percent)"), min_value=0, max_value=100, initial=50,
        help_text=_("0 keeps the upper edge, 50 the middle, 100 the lower edge."),
    )  # fmt: skip

    def crop(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("zoom", "across", "down")}


class CardsForm(KeyedForm):
    """Which cards to print: those that were ticked on the list, or all of an area."""

    chosen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    place = forms.ChoiceField(label=_("Whose cards"))
    layout = forms.ChoiceField(
        label=_("Paper"), widget=forms.RadioSelect, initial="sheets",
        choices=[
            ("sheets", _("A4 sheets of ten with crop marks; print both sides, turn on the long edge")),
            ("singles", _("single cards, front and back, for a card printer")),
        ],
    )  # fmt: skip

    def __init__(self, *args, by, **given):
        super().__init__(*args, **given)
        self.by = by
        areas = Area.objects.filter(code__startswith=by.area) if by.area else Area.objects.none()
        areas = areas.exclude(kind=Area.Kind.VILLAGE)
        self.fields["place"].choices = [(area.code, area.name) for area in areas]
        ticked = self.data.get("chosen") if self.is_bound else self.initial.get("chosen")
        if ticked:
            ticks = ("chosen", _("the ones that you ticked"))
            self.fields["place"].choices = [ticks, *self.fields["place"].choices]

    def clean_chosen(self) -> list[int]:
        words = self.cleaned_data["chosen"].split(",")
        return [int(w) for w in words if w.isascii() and w.isdigit() and len(w) < 19]

    def place_name(self) -> str:
        return str(dict(self.fields["place"].choices)[self.cleaned_data["place"]])

    def credentials(self) -> list[int]:
        """The keys in the order of the numbers."""
        rows = printable(self.by)
        if self.cleaned_data["place"] == "chosen":
            rows = rows.filter(pk__in=self.cleaned_data.get("chosen", []))
        else:
            rows = rows.filter(instructor__area__startswith=self.cleaned_data["place"])
        return list(rows.order_by("number").values_list("pk", flat=True))
