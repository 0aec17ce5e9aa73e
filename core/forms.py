"""What all forms share: a key that makes them safe to send twice, and refusals that keep the text."""

from uuid import uuid4

from django import forms
from django.shortcuts import redirect

from core.errors import Refused
from core.receipts import once


class KeyedForm(forms.Form):
    """A form that is taken once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


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
