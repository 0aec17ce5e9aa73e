"""The desk of a follow-up: say what was found or done; or propose what it suggests."""

from datetime import date

from django import forms
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.forms import KeyedForm
from core.ledger.models import Firm
from core.ledger.stages import Verb
from core.written import TEXT_AT_MOST
from workflows.engine.desk import Desk, desk
from workflows.engine.models import Process
from workflows.followups.acts import handle, take_back
from workflows.followups.findings import CONTACT_DUE, SENTENCES, TITLES


class NoteForm(KeyedForm):
    note = forms.CharField(
        label=_("What you found or did"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def say_finding(process) -> str:
    """What a follow-up says, in the reader's language."""
    words = dict(process.data)
    verb = words.get("move")
    words["move"] = Verb(verb).label if verb in Verb.values else ""
    for name in {"last_visit", "resumes_on", "term_until"} & words.keys():
        words[name] = date_format(date.fromisoformat(words[name])) if words[name] else ""
    if process.subject == "contact_due" and not words.get("last_visit"):
        return str(_("No visit on site is on record yet."))
    return str(SENTENCES[process.subject]).format(**words)


@desk("look_into")
class FollowUpDesk(Desk):
    template = "followups/desk_look_into.html"
    form_class = NoteForm
    done = _("Noted; the follow-up is closed.")

    def why(self, task):
        return say_finding(task.process)

    def asks(self, task):
        if task.process.data.get("move"):
            return _("If it is right, propose it; if not, say in a sentence why.")
        return _("See to it, and say in a sentence what you found or did.")

    def follows(self, task):
        if task.process.subject == CONTACT_DUE:
            return _("A visit that is recorded closes this by itself.")
        return _("A proposal that is carried out, or facts that change, close this by themselves.")

    def undo(self, task, *, by, at):
        return take_back(task, by=by, at=at)

    def context(self, task, user):
        verb = task.process.data.get("move", "")
        under_way = Process.objects.visible_to(user).open().filter(firm=task.firm_id)
        sees = Firm.objects.visible_to(user).filter(pk=task.firm_id).exists()
        return {
            "finding": TITLES[task.process.subject],
            "asked": under_way.filter(subject="transition").first(),  # somebody is at it already
            "suggests": verb if sees and user.may("propose") else "",
            "sees_firm": sees,
            "records_guidance": sees and user.may("record_guidance"),
        }

    def act(self, task, form, *, by, on, at):
        handle(task, by=by, note=form.cleaned_data["note"])
        return reverse("inbox:mine")
