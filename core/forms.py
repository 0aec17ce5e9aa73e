"""What all forms share: a key that makes them safe to send twice, and refusals that keep the text."""

from uuid import uuid4

from django import forms
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from core.accounts.kept import kept, say_kept
from core.errors import Refused
from core.receipts import once


class KeyedForm(forms.Form):
    """A form that is taken once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        for field in self.fields.values():
            if field.error_messages["required"] is forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Please fill this in.")

    @property
    def came_with_files(self) -> bool:
        """Whether files were sent with it: shown again, a form cannot bring them back."""
        return bool(self.files)


class ButtonForm(KeyedForm):
    """A button by itself. Sent without a key, it counts as pressed for the first time."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_key(self):
        return self.cleaned_data["key"] or uuid4()


def form_for(request, form_class, **given):
    """The form of a page, in one line: `form = form_for(request, FirmForm, instance=firm)`.

    On POST it is bound to what was sent, files included. On GET it is empty, or filled with what
    the same person had typed here before the session ended, and a notice says so. `given` goes to
    the form class. Ask `request.method == "POST" and form.is_valid()` as ever.
    """
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **given)
    form = form_class(**given)
    typed = kept(request)
    if typed is not None:
        for name, field in form.fields.items():
            if not isinstance(field, forms.FileField):
                # The widget reads it, so that boxes left empty and several choices come back too.
                form.initial[name] = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
        say_kept(request)
    return form


def submit(request, form, act):
    """Carry out a valid form's `act` (which returns the page to go to) once.

    Answers a redirect; or None when the act was refused, with the sentence as the form's error,
    so that the page is shown again with everything that was typed.
    """
    try:
        return redirect(once(form.cleaned_data["key"], by=request.user, act=act))
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
