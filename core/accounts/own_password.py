"""A password that somebody else chose opens one page only: the one that changes it."""

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

WAITING = "after_own_password"  # session: the page that was asked for


class OwnPasswordForm(PasswordChangeForm):
    """Django's form; the new password must be another one."""

    def clean_new_password2(self) -> str:
        new = self.cleaned_data.get("new_password2", "")
        if new and self.user.check_password(new):
            raise ValidationError(_("Choose a password other than the one you have now."))
        return new


def own_password_first(request, view_func) -> HttpResponse | None:
    """Leads a person with a temporary password to their account, wherever they wanted to go.
    Signing out and choosing the language stay possible: they need nobody signed in."""
    person = request.user
    if not (person.is_authenticated and person.must_change_password):
        return None
    account = reverse("account")
    if request.path == account or not getattr(view_func, "login_required", True):
        return None
    if request.method == "GET" and not request.headers.get("HX-Request"):
        request.session[WAITING] = request.get_full_path()
    messages.warning(request, _("Choose a password of your own first, then everything is open."))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": account})
    return redirect(account)


def page_waiting(request) -> str:
    """Where to go once the password is one's own: the page asked for, else one's account."""
    page = request.session.pop(WAITING, "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "account"
