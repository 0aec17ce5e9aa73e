"""The page of what one was told."""

from django.shortcuts import render
from django.utils import timezone

from core.ledger.models import Firm
from workflows.notices.groups import grouped, read
from workflows.notices.models import Notice

PAGE = 40  # cases on a page


def notices(request):
    """What one was told, a line for each case. Opening the page is reading it."""
    number = request.GET.get("page", "1")
    number = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    found = grouped(Notice.objects.visible_to(request.user), (number - 1) * PAGE, PAGE + 1)
    groups = found[:PAGE]
    read(request.user, groups, timezone.now())
    firms = {group.newest.firm_id for group in groups}
    seen = Firm.objects.visible_to(request.user).filter(pk__in=firms - {None})
    page = {
        "groups": groups, "seen": set(seen.values_list("pk", flat=True)), "number": number,
        "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if len(found) > PAGE else None,
    }  # fmt: skip
    return render(request, "notices/list.html", page)
