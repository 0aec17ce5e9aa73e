"""Sends each role to the page that its day begins with."""

from django.shortcuts import redirect

from core.accounts.verbs import Role

FIRST_PAGE = {Role.AUDITOR: "audit:trail", Role.ADMINISTRATOR: "people_list"}


def home(request):
    return redirect(FIRST_PAGE.get(request.user.role, "morning:today"))
