"""Answering for one firm: on a phone, prefilled, one button when all is as it stands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.accounts.kept import kept, say_kept
from core.errors import Refused
from core.forms import ButtonForm, submit
from core.ledger.models import Firm
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow, allow_staff
from workflows.surveys import answers as acts
from workflows.surveys.forms import AnswerForm, NotFoundForm, SettleForm
from workflows.surveys.models import LateAnswer, SurveyFirm, SurveyRound
from workflows.surveys.pages import facts_beside, with_guides
from workflows.surveys.whose import waiting_for

State = SurveyFirm.State


@login_required
def mine(request):
    """The firms that wait for this person, of one round or of all."""
    allow(request.user, "answer_survey")
    given, rows = request.GET, waiting_for(request.user, on=timezone.localdate())
    asked = given.get("round", "")
    made = None
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        made = SurveyRound.objects.visible_to(request.user).filter(pk=int(asked)).first()
        rows = rows.filter(round=made)
    shown = page_of(
        rows, by="firm__pinyin", down=False, before=given.get("before", ""),
        after=given.get("after", ""), along=("firm", "round"),
    )  # fmt: skip
    page = {"shown": shown, "rows": with_guides(shown.rows), "counted": counted(rows), "round": made}
    return render(request, "surveys/mine.html", page)


def _row(request, pk) -> SurveyFirm:
    rows = SurveyFirm.objects.visible_to(request.user)
    along = ("round", "firm", "answered_by", "settled_by", "in_place_of")
    return get_object_or_404(rows.select_related(*along), pk=pk)


@login_required
def firm(request, pk):
    allow_staff(request.user)
    return _page(request, _row(request, pk))


def _page(request, row: SurveyFirm, *, status=200, **forms):
    """The page of a row; `forms` are those that were refused, with what was typed."""
    user = request.user
    sees = Firm.objects.visible_to(user).filter(pk=row.firm_id).exists()
    active = sees and not row.round.over and user.may("answer_survey")
    settles = active and user.may("settle_survey") and row.state == State.NOT_FOUND and not row.moved
    shown = forms.get("answer") or AnswerForm(user=user, firm=row.firm)
    page = {
        "row": row, "round": row.round, "firm": row.firm, "sees": sees,
        "asks": active and row.state == State.OPEN, "settles": settles,
        "answer": shown if active else None,
        "missing": forms.get("missing") or NotFoundForm(auto_id="missing_%s"),
        "settle": forms.get("settle") or SettleForm(firm=row.firm, auto_id="settle_%s"),
        "entry": [(field.label, shown.now_said(field.name)) for field in shown.first],
        "takes_back": active and acts.may_take_back(row, user), "back": ButtonForm(auto_id="back_%s"),
        "changes": _changes(row), "beside": facts_beside(row.firm) if sees else None,
        "late": LateAnswer.objects.visible_to(user).filter(row=row).select_related("by"),
    }  # fmt: skip
    return render(request, "surveys/firm.html", page, status=status)


def _changes(row: SurveyFirm) -> list[tuple]:
    return [
        (Firm._meta.get_field(name).verbose_name, was, now) for name, (was, now) in row.changes.items()
    ]


@login_required
def answer(request, pk):
    """Takes an answer; opened after a sign-in, it shows again what was typed before the session
    ended, with what the page said then."""
    allow(request.user, "answer_survey")
    row = _row(request, pk)
    typed = request.POST if request.method == "POST" else kept(request)
    if typed is None:
        return redirect(row)
    form = AnswerForm(typed, user=request.user, firm=row.firm)
    if request.method != "POST":
        say_kept(request)
        return _page(request, row, answer=form)

    def act():
        now = timezone.now()
        try:
            came = acts.answer(
                row, changes=form.changes(), version=form.cleaned_data["version"] or 0,
                by=request.user, on=timezone.localdate(now), at=now, typed=form.typed(),
            )  # fmt: skip
        except Refused as refusal:
            fresh = Firm.objects.get(pk=row.firm_id)
            if refusal.code == Refused.FASTER and fresh.version != form.cleaned_data["version"]:
                form.set_beside(fresh)
            raise
        return _say(request, row, came)

    if form.is_valid() and (done := submit(request, form, act)):
        return done
    return _page(request, _row(request, pk), answer=form, status=422)


@login_required
@require_POST
def not_found(request, pk):
    allow(request.user, "answer_survey")
    row = _row(request, pk)
    form = NotFoundForm(request.POST, auto_id="missing_%s")

    def act():
        typed = form.cleaned_data
        came = acts.not_found(
            row, reason=typed["reason"], words=typed["words"], by=request.user, at=timezone.now(),
            typed=form.typed(),
        )  # fmt: skip
        return _say(request, row, came)

    if form.is_valid() and (done := submit(request, form, act)):
        return done
    return _page(request, _row(request, pk), missing=form, status=422)


@login_required
@require_POST
def settle(request, pk):
    allow(request.user, "settle_survey")
    row = _row(request, pk)
    form = SettleForm(request.POST, firm=row.firm, auto_id="settle_%s")

    def act():
        now, typed = timezone.now(), form.cleaned_data
        settled = acts.settle(
            row, outcome=typed["outcome"], moves_to=typed["moves_to"], by=request.user,
            version=typed["version"] or 0, on=timezone.localdate(now), at=now,
        )  # fmt: skip
        messages.success(request, _("That is on record."))
        seen = SurveyFirm.objects.visible_to(request.user).filter(pk=row.pk).exists()
        return settled.get_absolute_url() if seen else reverse("surveys:mine")

    if form.is_valid() and (done := submit(request, form, act)):
        return done
    return _page(request, _row(request, pk), settle=form, status=422)


@login_required
@require_POST
def take_back(request, pk):
    allow(request.user, "answer_survey")
    row = _row(request, pk)
    form = ButtonForm(request.POST)

    def act():
        acts.take_back(row, by=request.user)
        messages.success(request, _("The firm is to be answered again."))
        return row.get_absolute_url()

    if form.is_valid() and (done := submit(request, form, act)):
        return done
    for sentence in form.non_field_errors():
        messages.error(request, sentence)
    return redirect(row)


def _say(request, row: SurveyFirm, came: str) -> str:
    """Tell what became of the answer; the page of the next firm that waits for this person."""
    if came == acts.LATE:
        messages.warning(
            request,
            _(
                "The round was closed meanwhile. What you typed is kept for you below; it counts"
                " nowhere."
            ),
        )
        return row.get_absolute_url()
    messages.success(request, _("%(firm)s is answered.") % {"firm": row.firm.name})
    waits = waiting_for(request.user, on=timezone.localdate()).filter(round=row.round_id)
    for after in (str(row.pk), ""):
        if found := page_of(waits, by="firm__pinyin", down=False, after=after, size=1).rows:
            return found[0].get_absolute_url()
    return reverse("surveys:round", args=[row.round_id])
