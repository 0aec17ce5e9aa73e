"""Pages of robots: for their keepers only; other people's do not exist."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import form_for, submit
from workflows.mailroom import acts
from workflows.mailroom.forms import RobotForm
from workflows.mailroom.models import Robot

SHOWN = 10  # of the last messages


@sensitive_post_parameters("url", "secret")
def robot_new(request):
    form = form_for(request, RobotForm, by=request.user)
    if request.method == "POST" and form.is_valid():

        def act():
            added = acts.add_robot(by=request.user, **form.entry())
            messages.success(request, _("The robot is connected. Send it a test message."))
            return reverse("mailroom:robot", args=[added.pk])

        if answer := submit(request, form, act):
            return answer
    page = {"form": form}
    return render(request, "mailroom/robot_new.html", page, status=422 if form.errors else 200)


@sensitive_post_parameters("url", "secret")
def robot(request, pk):
    kept = _kept(request, pk)
    form = form_for(request, RobotForm, by=request.user, robot=kept)
    if request.method == "POST" and form.is_valid():

        def act():
            acts.change_robot(kept, by=request.user, **form.entry())
            messages.success(request, _("The robot was changed."))
            return reverse("mailroom:robot", args=[kept.pk])

        if answer := submit(request, form, act):
            return answer
    last = kept.deliveries.select_related("firm").order_by("-pk")[:SHOWN]
    page = {"form": form, "robot": kept, "last": last}
    return render(request, "mailroom/robot.html", page, status=422 if form.errors else 200)


def _kept(request, pk) -> Robot:
    rows = Robot.objects.visible_to(request.user).named()
    return get_object_or_404(rows, pk=pk)


def _do(request, pk, act, said):
    """One of the small acts, answered on the robot's page. `said` may depend on what was done."""
    try:
        done = act(_kept(request, pk))
        messages.success(request, said(done) if callable(said) else said)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    if Robot.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("mailroom:robot", pk=pk)
    return redirect("mailroom:settings")


@require_POST
def robot_test(request, pk):
    said = _("A test message is on its way. Open this page again in a few seconds.")
    at = timezone.now()
    return _do(request, pk, lambda kept: acts.test_robot(kept, by=request.user, at=at), said)


@require_POST
def robot_pause(request, pk):
    def said(kept):
        return _("The robot is paused.") if kept.paused else _("The robot speaks again.")

    return _do(request, pk, lambda kept: acts.pause_robot(kept, by=request.user), said)


@require_POST
def robot_remove(request, pk):
    said = _("The robot was removed.")
    return _do(request, pk, lambda kept: acts.remove_robot(kept, by=request.user), said)
