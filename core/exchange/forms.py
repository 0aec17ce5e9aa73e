from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.exchange.reading import BYTES, ROWS, read_sheet
from core.exchange.register import COLUMNS
from core.forms import KeyedForm


class UploadForm(KeyedForm):
    """An Excel file; what is in it is read with the form, so that a strange one is told here."""

    file = forms.FileField(
        label=_("Excel file"),
        help_text=format_lazy(
            _("An Excel file, up to {rows} people, {mb} MB at most."), rows=ROWS, mb=BYTES // 1024**2
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Choose a file."), "empty": _("The file is empty. Choose it again."),
        },
    )  # fmt: skip

    def clean_file(self):
        try:
            self.read = read_sheet(self.cleaned_data["file"], COLUMNS)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return self.cleaned_data["file"]


class CarryOutForm(KeyedForm):
    """The button that has a file read into the register."""
