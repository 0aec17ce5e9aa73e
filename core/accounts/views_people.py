"""The administrator's pages: who has an account, opening and closing one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.accounts import acts
from core.accounts.forms import AccountForm, PlaceForm, TemporaryPasswordForm
from core.accounts.models import Area, User
from core.accounts.verbs import VERBS
from core.forms import form_for, submit
from core.ledger.search import tidy

PAGE = 50


def administrators_only(view):
    """Accounts are the administrator's business: everybody else is told so."""

    def asked(request, *args, **kwargs):
        if not request.user.may("manage_users"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


@administrators_only
def people_list(request):
    people = User.objects.visible_to(request.user).select_related("line").order_by("area", "username")
    named = Area.objects.filter(code=OuterRef("area")).values("name")
    people = people.annotate(area_name=Subquery(named))
    query = tidy(request.GET.get("q", ""))[:64]
    if query:
        people = people.filter(Q(name__icontains=query) | Q(username__icontains=query))
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people_list.html", {"page": page, "query": query})


@administrators_only
@sensitive_post_parameters("password")
def person_new(request):
    form = form_for(request, AccountForm, by=request.user)
    if request.method == "POST" and form.is_valid():

        def act():
            opened = acts.open_account(by=request.user, **form.entry())
            return reverse("person", args=[opened.pk])

        if answer := submit(request, form, act):
            return answer
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person_new.html", {"form": form}, status=status)


@administrators_only
@sensitive_post_parameters("password")
def person(request, pk):
    someone = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = form_for(request, TemporaryPasswordForm)
    if request.method == "POST" and form.is_valid():

        def act():
            acts.set_temporary_password(someone, form.cleaned_data["password"], by=request.user)
            messages.success(request, _("The temporary password was set."))
            return reverse("person", args=[someone.pk])

        if answer := submit(request, form, act):
            return answer
    context = {"someone": someone, "form": form, "verbs": sorted(VERBS.get(someone.role, ()))}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person.html", context, status=status)


@administrators_only
def person_edit(request, pk):
    """Another role or area, or the entry or firm that an account lacks."""
    someone = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = form_for(request, PlaceForm, by=request.user, person=someone)
    if request.method == "POST" and form.is_valid():

        def act():
            acts.change_place(someone, by=request.user, **form.entry())
            messages.success(request, _("The account was changed."))
            return reverse("person", args=[someone.pk])

        if answer := submit(request, form, act):
            return answer
    status = 422 if form.is_bound else 200
    context = {"someone": someone, "form": form}
    return render(request, "accounts/person_edit.html", context, status=status)


@require_POST
@administrators_only
def person_close(request, pk):
    someone = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    before, _stuck = acts.open_work(someone)
    acts.close_account(someone, by=request.user)
    messages.success(request, _closed(before, *acts.open_work(someone)))
    return redirect("person", pk=pk)


def _closed(before: int, have: int, stuck: int) -> str:
    """What became of the open tasks of a closed account, as far as there were any."""
    back = max(before - have, 0)
    said = [_("The account is closed.")]
    if back:
        said.append(ngettext("%(n)d task is back in its queue or with its owner.",
                             "%(n)d tasks are back in their queues or with their owners.", back)
                    % {"n": back})  # fmt: skip
    if stuck:
        said.append(ngettext("%(n)d task is left behind: a supervisor hands it on.",
                             "%(n)d tasks are left behind: a supervisor hands them on.", stuck)
                    % {"n": stuck})  # fmt: skip
    return " ".join(said)


@require_POST
@administrators_only
def person_reopen(request, pk):
    someone = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    acts.reopen_account(someone, by=request.user)
    return redirect("person", pk=pk)
