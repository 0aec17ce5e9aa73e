from collections import Counter

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import Firm
from workflows.coverage.chart import CHART, OPERATION, STAGE
from workflows.coverage.drawing import drawing
from workflows.coverage.words import in_words


def _picture(track, firms):
    """A track's drawing; and for each state how many of the reader's firms stand there, and where
    they are listed."""
    counts = Counter(firms.order_by().values_list(track, flat=True))
    shapes = drawing(track)
    listed = f"{reverse('ledger:firms')}?{track}="
    return shapes, [(box, counts[box.name], listed + box.name) for box in shapes.boxes]


@login_required
def chart(request):
    today = timezone.localdate()
    firms = Firm.objects.visible_to(request.user)
    tracks = []
    for track, counted in ((STAGE, firms.counted()), (OPERATION, firms)):
        shapes, boxes = _picture(track, counted)
        rows = [in_words(move, on=today) for move in CHART if move.track == track]
        tracks.append({"name": track, "drawing": shapes, "boxes": boxes, "rows": rows})
    return render(request, "coverage/chart.html", {"tracks": tracks, "today": today})
