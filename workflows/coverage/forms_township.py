"""The choice of a township and of a period, whose approval forms are to be printed."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.audit.forms import TELLABLE
from core.forms import KeyedForm
from core.jobs.acts import start_job
from workflows.coverage.forms_in_bulk import KIND, check, decided


def townships(user) -> list[tuple[str, str]]:
    """A person's own area, and the townships and parks below it."""
    if not user.area:
        return []
    kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
    below = Area.objects.filter(code__startswith=user.area, kind__in=kinds).exclude(code=user.area)
    own = Area.objects.filter(code=user.area)
    return [(area.code, area.name) for area in (*own, *below)]


class FormsOfTownship(KeyedForm):
    township = forms.ChoiceField(label=_("Township or park"))
    since = forms.DateField(label=_("Decided from"), validators=TELLABLE)
    until = forms.DateField(label=_("Decided until"), validators=TELLABLE)

    def __init__(self, *args, user, on, **given):
        super().__init__(*args, **given)
        self.user = user
        self.fields["township"].choices = townships(user)
        first = self.fields["township"].choices[:1]
        self.initial |= {
            "township": first[0][0] if first else "", "since": on.replace(month=1, day=1), "until": on
        } | self.initial  # fmt: skip

    def clean(self):
        typed = super().clean()
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one. Exchange the two days."))
        return typed

    def many(self) -> int | None:
        """How many forms that is; None while the days cannot be read."""
        if self.is_bound and not self.is_valid():
            return None
        chosen = self.cleaned_data if self.is_bound else self.initial
        return decided(self.user, chosen["township"], chosen["since"], chosen["until"]).count()

    def start(self) -> str:
        """Have them printed; returns the page on which that is seen. Raises Refused."""
        chosen = self.cleaned_data
        check(self.many() or 0)
        days = {name: chosen[name].isoformat() for name in ("since", "until")}
        place = dict(self.fields["township"].choices)[chosen["township"]]
        job = start_job(
            KIND, by=self.user, key=chosen["key"], area=chosen["township"],
            given={"township": chosen["township"], **days}, words={"place": place, **days},
        )  # fmt: skip
        return reverse("jobs:job", args=[job.pk])
