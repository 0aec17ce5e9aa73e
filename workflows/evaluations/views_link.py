"""The firm's form behind its personal link: no account, on a phone."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from core.errors import Refused
from workflows.evaluations import links
from workflows.evaluations.acts import form_task, hand_in_by_link, is_own
from workflows.evaluations.facts import fact_rows
from workflows.evaluations.forms import SheetForm
from workflows.evaluations.models import Sheet
from workflows.evaluations.sheets import draft_of, keep_draft

log = logging.getLogger(__name__)

AN_HOUR = 60  # looks at one form within an hour
STRANGE = 30  # links of one address within an hour that are none of ours
WAITING = (Sheet.State.WAITING, Sheet.State.MISSING)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, token):
    """The form, or why it cannot be filled in any more."""
    sheet = links.sheet_of(token)
    brake = f"form:{sheet.pk}" if sheet else f"from:{request.META.get('REMOTE_ADDR', '')}"
    if _too_often(brake, AN_HOUR if sheet else STRANGE):
        return _over(request, "too_often", 429)
    if sheet is None:
        return _over(request, "unknown", 404)
    user = request.user
    if user.is_authenticated and not is_own(sheet.evaluation, sheet.side, user):
        return _over(request, "not_yours", 403)
    if sheet.state not in WAITING:
        return _sent(request, sheet)
    task = form_task(sheet) if user.is_authenticated and request.method != "POST" else None
    if task and task.owner_id == user.pk:
        return redirect(task.get_absolute_url())  # there their own draft is
    if sheet.evaluation.round.closed_at or sheet.link_is_over:
        return _late(request, sheet)
    return _form(request, sheet)


def _form(request, sheet):
    secret = links.secret_of(request, sheet)
    given = {"side": sheet.side, "version": sheet.evaluation.version}
    if request.method == "POST":
        form = SheetForm(request.POST, **given)
        if form.is_valid() and (answer := _take(request, sheet, form, secret)):
            return answer
    else:
        form = SheetForm(**given, draft=draft_of(sheet, secret=secret))
    elsewhere = bool(sheet.draft) and draft_of(sheet, secret=secret) is None
    page = {
        "form": form, "sheet": sheet, "evaluation": sheet.evaluation, "elsewhere": elsewhere,
        "fact_rows": fact_rows(sheet.evaluation.facts), "saved": "saved" in request.GET,
    }  # fmt: skip
    return render(request, "evaluations/link.html", page, status=422 if form.errors else 200)


def _take(request, sheet, form, secret):
    """Save or send a valid form; None when it cannot be taken, with the sentence on it. Sent twice,
    the page says that it is there."""
    secret, now = secret or links.new_secret(), timezone.now()
    try:
        if form.is_draft:
            keep_draft(sheet, form.typed, at=now, secret=secret)
        else:
            hand_in_by_link(sheet, at=now, secret=secret, **form.words)
    except Refused as refusal:
        sheet.refresh_from_db()
        if sheet.state not in WAITING:
            return _sent(request, sheet)
        form.add_error(None, refusal.sentence)
        return None
    to = redirect(f"{request.path}?saved=1" if form.is_draft else request.path)
    return links.remember_secret(to, sheet, secret)


def _sent(request, sheet):
    """The form is there already. Who sends one now may be the same person, who pressed twice, or
    somebody on another phone: their words are shown, so that they know and can copy them."""
    form = None
    if request.method == "POST":
        form = SheetForm(request.POST, side=sheet.side, version=sheet.evaluation.version)
    return _over(request, "sent", 200, sheet=sheet, left=form)


def _late(request, sheet):
    """The round or the link is over. What is sent now is kept for its writer, also half a form; what
    was typed on this phone is shown once more."""
    secret, given = links.secret_of(request, sheet), {"version": sheet.evaluation.version}
    if request.method == "POST":
        form = SheetForm(request.POST, side=sheet.side, **given)
        form.save_for_later()
        if form.is_valid():
            secret = secret or links.new_secret()
            keep_draft(sheet, form.typed, at=timezone.now(), secret=secret)
            return links.remember_secret(redirect(request.path), sheet, secret)
    else:
        left = draft_of(sheet, secret=secret)
        form = left and SheetForm(side=sheet.side, draft=left, **given)
    what = "closed" if sheet.evaluation.round.closed_at else "expired"
    return _over(request, what, 410, sheet=sheet, left=form)


def _over(request, what: str, status: int, **more):
    page = {"what": what, **more}
    if sheet := more.get("sheet"):
        page |= {"evaluation": sheet.evaluation}
    answer = render(request, "evaluations/link_over.html", page, status=status)
    answer._has_been_logged = True  # or Django would write the address, which opens, into a log
    return answer


def _too_often(what: str, most: int) -> bool:
    """A brake for programs that try links; a person does not feel it."""
    key = f"evaluation:{what}"
    try:
        return not cache.add(key, 1, timeout=3600) and cache.incr(key) > most
    except ValueError:  # the hour ended just now
        return False
    except (OSError, RedisError):
        log.warning("Looks at evaluation links are not counted: the cache does not answer.")
        return False
