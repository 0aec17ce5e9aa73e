"""The pages that keep an instructor's entry: change it, renew the term, record that they left."""

from django.contrib.auth.decorators import login_required
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.forms import form_for
from core.ledger.pages import form_page
from core.people import terms
from core.people.entries import change_instructor
from core.people.forms_terms import InstructorChangeForm, LeftForm, RenewForm
from core.people.views_register import kept


@login_required
def instructor_edit(request, pk):
    found, back = kept(request, pk)
    today = timezone.localdate()
    form = form_for(request, InstructorChangeForm, by=request.user, on=today, instructor=found)

    def act():
        change_instructor(found, by=request.user, **form.entry())
        return back

    return form_page(
        request, form, act, template="people/instructor_form.html", back=back, lead=found.name,
        title=_("Change the entry"), button=_("Save"), said=_("The entry is changed."),
    )  # fmt: skip


@login_required
def instructor_renew(request, pk):
    found, back = kept(request, pk)
    form = form_for(request, RenewForm, instructor=found, on=timezone.localdate())

    def act():
        terms.renew_term(found, by=request.user, on=timezone.localdate(), **form.entry())
        return back

    return form_page(
        request, form, act, template="people/form.html", back=back,
        title=_("Renew the term of %(name)s") % {"name": found.name}, button=_("Renew the term"),
        lead=_("The term up to now: %(first)s – %(last)s.")
        % {"first": date_format(found.term_from), "last": date_format(found.term_until)},
        said=_("The term is renewed."),
    )  # fmt: skip


@login_required
def instructor_left(request, pk):
    found, back = kept(request, pk)
    form = form_for(request, LeftForm, on=timezone.localdate())

    def act():
        terms.record_left(found, by=request.user, on=timezone.localdate(), **form.entry())
        return back

    return form_page(
        request, form, act, template="people/form.html", back=back,
        title=_("%(name)s left") % {"name": found.name}, button=_("Record"),
        lead=_("What was written down stays. An administrator closes the account."),
        said=_("It is on record that the instructor left."),
    )  # fmt: skip
