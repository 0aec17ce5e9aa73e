from datetime import timedelta

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.dispatch import receiver
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from core.accounts.acts import tell
from core.accounts.forms import SignInForm
from core.accounts.kept import forget_strangers_text, remember_person
from core.accounts.models import User
from core.accounts.own_password import OwnPasswordForm, page_waiting
from core.audit.record import record
from core.demo.accounts import ACCOUNTS, PASSWORD


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | demo_accounts()

    @transaction.atomic
    def form_valid(self, form):
        person = form.get_user()
        forget_strangers_text(self.request, person)
        response = super().form_valid(form)
        tell("account.signed_in", by=person, person=person)
        return remember_person(response, person)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def demo_accounts() -> dict:
    """The accounts to try the demo with; nothing where they were not made."""
    if not settings.DEMO:
        return {}
    there = set(
        User.objects.filter(
            username__in=[account.username for account in ACCOUNTS], is_active=True
        ).values_list("username", flat=True)
    )
    accounts = [account for account in ACCOUNTS if account.username in there]
    return {"demo_accounts": accounts, "demo_password": PASSWORD}


def locked_out(request, response=None, credentials=None):
    """The answer while the sign-in is locked, also to the right password."""
    minutes = int(settings.AXES_COOLOFF_TIME / timedelta(minutes=1))
    form = SignInForm(request)
    context = {"form": form, "locked_minutes": minutes, **demo_accounts()}
    answer = render(request, "accounts/sign_in.html", context, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


@receiver(user_locked_out)
def note_lockout(sender, request, username, **more):
    """Record a lock once, when it begins, and not every knock on the locked door."""
    if not getattr(request, "axes_failures_since_start", None):
        return
    username = (username or "")[:64]
    person = User.objects.filter(username=username).first()
    if person:
        tell("account.locked_out", by=None, person=person, username=username)
    else:
        record("account.locked_out", by=None, username=username)


@login_not_required
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        tell("account.signed_out", by=request.user, person=request.user)
        logout(request)
    return redirect("sign_in")


set_language = login_not_required(require_POST(django_set_language))


@sensitive_post_parameters()
def account(request):
    """The person's own page: what the account may do, and a new password."""
    form = OwnPasswordForm(request.user, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                request.user.must_change_password = False
                form.save()
                tell("account.password_changed", by=request.user, person=request.user)
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password was changed."))
            return redirect(page_waiting(request))
        status = 422
    return render(request, "accounts/account.html", {"form": form}, status=status)
