from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.people.who import with_role


class HandOnForm(forms.Form):
    """To whom a task is handed: only people who may carry it out are offered."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Hand on to"))

    def __init__(self, *args, task, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = task.candidates().exclude(pk=task.owner_id or 0)
        self.fields["to"].label_from_instance = with_role
