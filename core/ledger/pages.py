"""A page with one form, the same way everywhere."""

from django.contrib import messages
from django.shortcuts import render

from core.forms import submit


def form_page(request, form, act, *, template: str, said: str, **page):
    """Show the form, or do its `act` and go where that leads.

    With errors the page comes again with status 422 and everything that was typed.
    """
    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, said)
        return answer
    return render(request, template, {"form": form, **page}, status=422 if form.errors else 200)
