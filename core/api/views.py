"""The pages beside the interface: its description for everybody, its tokens for those who keep them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import Max, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.models import Area
from core.api import tokens
from core.api.forms import TokenForm
from core.api.guide import described
from core.api.models import Part, PlatformToken
from core.api.tokens import VERB
from core.errors import Refused
from core.forms import form_for
from core.ledger.permits import allow
from core.receipts import once

SHOWN = 100  # tokens on the page; older ones are in the trail


@login_not_required
@require_safe
def guide(request):
    """What may be asked and what is answered. Tells nothing of any firm, so everybody may read it."""
    return render(request, "api/guide.html", described())


@login_required
def platforms(request):
    """Which platforms have a token, until when, and whether they use it."""
    allow(request.user, VERB)
    rows = PlatformToken.objects.visible_to(request.user).select_related("by", "revoked_by")
    rows = list(rows.annotate(last_at=Max("uses__last_at"), many=Sum("uses__many"))[:SHOWN])
    names = dict(Area.objects.filter(code__in={row.area for row in rows}).values_list("code", "name"))
    today = timezone.localdate()
    for row in rows:
        row.place = names.get(row.area, row.area)
        row.opens = [Part(part).label for part in row.parts if part in Part.values]
        row.over = row.expires_on < today
    return render(request, "api/platforms.html", {"rows": rows})


@login_required
def platform_new(request):
    """Give a platform a token. It is shown on the answer to this form, and never again."""
    allow(request.user, VERB)
    form, shown = form_for(request, TokenForm, user=request.user), []

    def act():
        said = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        shown.extend(tokens.give(by=request.user, on=timezone.localdate(), **said))
        return reverse("api:platforms")

    if request.method == "POST" and form.is_valid():
        try:
            leads_to = once(form.cleaned_data["key"], by=request.user, act=act)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if shown:
                return render(request, "api/token.html", {"token": shown[0], "secret": shown[1]})
            messages.warning(request, _("This token was shown once already. Revoke it if it is lost."))
            return redirect(leads_to)
    return render(request, "api/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def platform_revoke(request, pk):
    allow(request.user, VERB)
    token = get_object_or_404(PlatformToken.objects.visible_to(request.user), pk=pk)
    tokens.revoke(token, by=request.user, at=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("api:platforms")
