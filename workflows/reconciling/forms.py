"""The forms of lists: bringing one in, and what is decided on a page of its rows."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.models import Area
from core.audit.forms import TELLABLE
from core.errors import Refused
from core.forms import KeyedForm
from core.ledger.files import clean_name
from core.written import TEXT_AT_MOST
from workflows.reconciling.columns import entries
from workflows.reconciling.models import Decision, Source
from workflows.reconciling.reading import BYTES, ROWS, rows_of


class ListForm(KeyedForm):
    """A file or a pasted text; it is read with the form, so that what is wrong is told here."""

    source = forms.ChoiceField(
        label=pgettext_lazy("list", "From"), choices=Source, widget=forms.RadioSelect
    )
    on = forms.DateField(label=pgettext_lazy("list", "As of"), validators=TELLABLE)
    file = forms.FileField(
        label=_("File"), required=False,
        help_text=format_lazy(
            _("Excel (.xlsx, .xls) or .csv, up to {rows} rows, {mb} MB at most."), rows=ROWS,
            mb=BYTES // 1024**2,
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose it again.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or pasted rows"), required=False, max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Copied from a table, with its row of headings."),
    )  # fmt: skip
    complete = forms.BooleanField(
        label=_("The list is complete for our area: ask about firms that are missing from it"),
        required=False,
    )

    def __init__(self, *args, on, **given):
        super().__init__(*args, **given)
        self.initial = {"source": Source.MARKET, "on": on} | self.initial

    def clean(self):
        typed = super().clean()
        upload = typed.get("file") or typed.get("text", "").strip()
        if not upload and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste the rows."))
        if self.errors:
            return typed
        try:
            self.entries = entries(rows_of(upload))
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return typed

    def wishes(self) -> dict:
        typed = self.cleaned_data
        name = clean_name(typed["file"].name) if typed.get("file") else str(_("pasted rows"))
        return {"name": name} | {n: typed[n] for n in ("source", "on", "complete", "key")}


class DecideForm(KeyedForm):
    """The button that was pressed: `act` is a decision for the ticked rows ("ignore"), or for one of
    them ("rename:12")."""

    act = forms.CharField()
    reason = forms.CharField(label=_("Why it stays as it is"), max_length=TEXT_AT_MOST, required=False)
    moves_to = forms.ChoiceField(label=_("Moved to"), required=False)

    def __init__(self, *args, rows, user, **given):
        super().__init__(*args, **given)
        self.rows = list(rows)
        below = Area.objects.filter(code__startswith=user.area or "-").exclude(kind=Area.Kind.COUNTY)
        places = [(area.code, area.name) for area in below]
        self.fields["moves_to"].choices = [("", _("does not apply")), *places]
        self.ticked = set(self.data.getlist("row")) if self.is_bound else set()

    def clean(self):
        typed = super().clean()
        self.decision, _colon, number = typed.get("act", "").partition(":")
        if self.decision not in Decision.values:
            raise forms.ValidationError(_("Choose what is to be decided."))
        wanted = {number} if number else self.ticked
        self.chosen = [row for row in self.rows if str(row.pk) in wanted]
        if not self.chosen:
            raise forms.ValidationError(_("Tick the rows first."))
        if self.decision == Decision.IGNORE and not typed.get("reason", "").strip():
            self.add_error("reason", _("Say in a sentence why it stays as it is."))
        if self.decision == Decision.MOVED and not typed.get("moves_to"):
            self.add_error("moves_to", _("Choose the township to which it has moved."))
        return typed
