from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import KeyedForm
from core.imports.fields import BY_CODE, FIELDS
from core.imports.reading import BYTES


class UploadForm(KeyedForm):
    file = forms.FileField(
        label=_("List of firms"),
        help_text=format_lazy(
            _("Excel (.xlsx, .xls) or CSV, {mb} MB at most. Macros are never run."),
            mb=BYTES // 1024**2,
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
        error_messages={
            "required": _("Choose a file."), "empty": _("The file is empty. Choose it again."),
        },
    )  # fmt: skip

    def clean_file(self):
        if self.cleaned_data["file"].size > BYTES:
            raise forms.ValidationError(
                _("The file has more than %(mb)d MB. Send it in several files.")
                % {"mb": BYTES // 1024**2}
            )
        return self.cleaned_data["file"]


class ImportForm(KeyedForm):
    """What may be done with an import: one button of several."""

    APPLY, READ, DROP, UNDO = "apply", "read", "drop", "undo"
    do = forms.ChoiceField(choices=[(word, word) for word in (APPLY, READ, DROP, UNDO)])
    leave_out = forms.BooleanField(required=False)
    sheet = forms.CharField(max_length=200, required=False)


def mapping_of(sent, headings: list[str]) -> dict[int, str]:
    """Which field each heading was said to be, by its place; what was not asked is left out."""
    said = {at: sent.get(f"heading-{at}") for at in range(len(headings))}
    return {at: code for at, code in said.items() if code in BY_CODE or code == ""}


def offered() -> list[tuple[str, str]]:
    return [("", _("leave aside")), *((field.code, field.heading) for field in FIELDS)]
