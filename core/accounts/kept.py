"""What was typed survives an expired session: kept in the new one until its writer is back."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.accounts.own_password import own_password_first
from core.sealing import CannotOpen, new_salt, seal, unseal

COOKIE = "last_person"  # signed: who signed in here last; outlives the session
COOKIE_AGE = 24 * 60 * 60
SESSION_KEY = "kept"
PRESSED_KEY = "pressed"  # session: the address that a form was sent to, and the page it was on
BYTES_AT_MOST = 200_000


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a person who is signed in, unless it says `login_not_required`.

    A form sent after the session ended is kept for its writer. The check against forged forms
    comes before this one, so only forms from our own pages are kept.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        answer = answer or own_password_first(request, view_func)
        if answer is None and request.method == "POST":
            held = request.session.get(SESSION_KEY)
            if held and held["path"] == request.get_full_path():
                del request.session[SESSION_KEY]  # it has arrived
        return answer

    def handle_no_permission(self, request, view_func):
        path = request.get_full_path()
        if request.method == "POST" and not keep(request):
            path = page_before(request) or path
        if request.method == "POST" and last_person(request):
            request.session[PRESSED_KEY] = {"path": path, "page": page_before(request)}
        if request.method == "POST":
            messages.warning(request, _("You were signed out. Sign in to go on."))
        to_sign_in = redirect_to_login(path)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": to_sign_in.url})
        return to_sign_in


def keep(request) -> bool:
    """Keep the typed text of a form in the anonymous session. False when there was none to keep.

    Passwords and files are never kept, nor more than 200 kB, nor anything of an unknown writer.
    """
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    size = sum(len(name) + sum(len(v.encode()) for v in values) for name, values in typed.items())
    person = last_person(request)
    if person is None or not set(typed) - {"key"} or size > BYTES_AT_MOST:
        return False
    salt = new_salt()  # sealed: a session lies in the database, and some forms are for nobody's eyes
    request.session[SESSION_KEY] = {
        "path": request.get_full_path(), "person": person, "salt": salt,
        "typed": seal(typed, salt=salt, whose=f"kept:{person}"),
    }  # fmt: skip
    return True


def kept(request) -> QueryDict | None:
    """What this person had typed into this page's form before the session ended, if anything."""
    held = request.session.get(SESSION_KEY)
    if not held or held["path"] != request.get_full_path():
        return None
    if held["person"] != request.user.pk:
        del request.session[SESSION_KEY]
        return None
    try:
        said = unseal(held["typed"], salt=held["salt"], whose=f"kept:{held['person']}")
    except (CannotOpen, KeyError, AttributeError):  # the key was exchanged, or an older version kept it
        del request.session[SESSION_KEY]
        return None
    typed = QueryDict(mutable=True)
    for name, values in said.items():
        typed.setlist(name, values)
    return typed


def say_kept(request) -> None:
    """Tell the reader once that the text is the one from before."""
    messages.warning(
        request,
        _(
            "You were signed out; what you typed is still here. "
            "Check it and send it again; choose files again."
        ),
    )


def remember_person(response, user):
    """Note on the computer, signed, who signed in last. Returns the response."""
    response.set_signed_cookie(
        COOKIE, str(user.pk), max_age=COOKIE_AGE, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def last_person(request) -> int | None:
    """Who signed in on this computer last, as far as a cookie of ours says so."""
    try:
        return int(request.get_signed_cookie(COOKIE, max_age=COOKIE_AGE))
    except (KeyError, ValueError, signing.BadSignature):
        return None


def page_of_pressed(request) -> str | None:
    """Where to lead a person whom the sign-in brought to an address that only takes forms: the
    page with the button, or the first page. None for anybody else, and a second time."""
    pressed = request.session.get(PRESSED_KEY)
    if request.method != "GET" or not pressed or pressed["path"] != request.get_full_path():
        return None
    del request.session[PRESSED_KEY]
    request.session.pop(SESSION_KEY, None)  # no page shows it
    messages.warning(
        request, _("You were signed out before this was done. Nothing was changed; do it again.")
    )
    page = pressed["page"]
    if page == pressed["path"] or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return settings.LOGIN_REDIRECT_URL
    return page


def forget_strangers_text(request, user) -> None:
    """Drop what somebody else had typed. Called at sign-in."""
    held = request.session.get(SESSION_KEY)
    if held and held["person"] != user.pk:
        del request.session[SESSION_KEY]


def page_before(request) -> str:
    """Our own page that a button was pressed on, if the browser says so; else ""."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page.partition(request.get_host())[2] if ours and request.get_host() in page else ""
