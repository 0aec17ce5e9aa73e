from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.accounts.models import User
from core.audit.forms import TrailFilter
from core.audit.models import Event
from core.audit.sentences import sentence
from core.days import midnight
from core.ledger.models import Firm

PAGE = 50


def trail(request):
    """Who did what in the reader's area, newest first. Pages hang on the last line shown, so the
    thousandth page is as quick as the first and nothing is counted."""
    if not request.user.may("read_audit"):
        raise PermissionDenied
    form = TrailFilter(request.GET or None)
    events = Event.objects.visible_to(request.user).select_related("by", "firm")
    if form.is_bound:
        events = wanted(events, form.cleaned_data if form.is_valid() else {}, request.user)
    rows = list(older_than(events, request.GET.get("before", ""))[: PAGE + 1])
    rows, more = rows[:PAGE], len(rows) > PAGE
    lines = [{"event": event, "says": sentence(event)} for event in rows]
    before = f"{rows[-1].at.isoformat()},{rows[-1].pk}" if more else ""
    context = {"form": form, "lines": lines, "before": before}
    return render(request, "audit/trail.html", context, status=422 if form.errors else 200)


def wanted(events, asked: dict, user):
    """The events that a filter asks for."""
    if person := asked.get("person"):
        named = User.objects.filter(Q(name__icontains=person) | Q(username__icontains=person))
        events = events.filter(by__in=named.values("pk"))
    if firm := asked.get("firm"):
        named = Firm.objects.visible_to(user).filter(name__icontains=firm)
        events = events.filter(firm__in=named.values("pk"))
    if code := asked.get("code"):
        events = events.filter(code=code)
    if since := asked.get("since"):
        events = events.filter(at__gte=midnight(since))
    if until := asked.get("until"):
        events = events.filter(at__lt=midnight(until + timedelta(days=1)))
    return events


def older_than(events, mark: str):
    """The events after the last line of the page before. A mark that cannot be read is ignored."""
    moment, _comma, pk = mark.replace(" ", "+").rpartition(",")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or timezone.is_naive(at) or not 1900 < at.year < 3000:
        return events
    if not pk.isdecimal() or len(pk) > 18:
        return events
    return events.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=int(pk)))
