"""How I am told: one page for everything that may leave the house for a person."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import form_for, submit
from workflows.mailroom.forms import WishesForm
from workflows.mailroom.models import CalendarLink, Delivery, Robot
from workflows.mailroom.views_calendar import token_to_show
from workflows.mailroom.wishes import choose, wishes_of

OPEN = (Delivery.State.WAITING, Delivery.State.SENDING, Delivery.State.GIVEN_UP)


def settings(request):
    person = request.user
    form = form_for(request, WishesForm, wishes=wishes_of(person))
    if request.method == "POST" and form.is_valid():

        def act():
            choose(person, at=timezone.now(), **form.entry())
            messages.success(request, _("Your choice is saved."))
            return reverse("mailroom:settings")

        if answer := submit(request, form, act):
            return answer
    digests = Delivery.objects.filter(what="digest", person=person).order_by("-pk")
    page = {
        "form": form, "last": digests.first(),
        "robots": Robot.objects.visible_to(person).named(),
        "link": CalendarLink.objects.filter(person=person).first(),
        "address": token_to_show(request),
    }  # fmt: skip
    return render(request, "mailroom/settings.html", page, status=422 if form.errors else 200)
