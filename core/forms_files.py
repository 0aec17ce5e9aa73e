"""A form field for several files, each one examined before the form is valid."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.ledger.files import KINDS, examined


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to a list of uploaded files, [] when none was sent. `keep_file` keeps each."""

    widget = FilesInput
    default_error_messages = {"required": _("Choose a file.")}

    def __init__(self, *, most: int | None = None, **given) -> None:
        self.most = most or settings.UPLOAD_MAX_FILES
        given.setdefault("label", _("Files"))
        super().__init__(**given)
        if not self.help_text:
            self.help_text = format_lazy(
                _("PDF, JPEG, PNG, Word, Excel or WPS; {files} files of {mb} MB at most."),
                files=self.most,
                mb=settings.UPLOAD_MAX_BYTES // 1024**2,
            )

    def widget_attrs(self, widget) -> dict:
        endings = [ending for kind in KINDS for ending in kind.endings]
        return super().widget_attrs(widget) | {"accept": ",".join(endings)}

    def clean(self, data, initial=None):
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not sent and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(sent) > self.most:
            raise ValidationError(
                ngettext(
                    "%(most)d file may be sent at once; these are %(have)d.",
                    "%(most)d files may be sent at once; these are %(have)d.",
                    self.most,
                )
                % {"most": self.most, "have": len(sent)},
                code="too_many",
            )
        slips = []
        for one in sent:
            try:
                examined(one)
            except ValidationError as slip:
                slips.extend(slip.error_list)
        if slips:
            raise ValidationError(slips)
        return sent
