"""Django's own pages over the tables, for administrators, to look. Changes go through the rooms,
which ask who may and leave an event; so nothing can be added, changed or deleted here."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from core import models
from core.accounts import views
from core.accounts.verbs import Role


def _administrators_only(request) -> bool:
    user = request.user
    return user.is_active and user.is_staff and getattr(user, "role", "") == Role.ADMINISTRATOR


@login_not_required
def _sign_in(request, extra_context=None):
    if _administrators_only(request):
        return redirect("admin:index")
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(reverse("admin:index"))


def _password(request, extra_context=None):
    return redirect("account")


admin.site.has_permission = _administrators_only
# Django's own doors would let people in and out, and change a password, without an event.
admin.site.login, admin.site.logout, admin.site.password_change = _sign_in, views.sign_out, _password


class LookOnly(admin.ModelAdmin):
    """Rows within the administrator's area, never membership, never to be changed."""

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return _administrators_only(request)

    def has_module_permission(self, request):
        return _administrators_only(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(models.User)
class UserAdmin(LookOnly):
    list_display = ("username", "name", "role", "area", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "name")
    fields = ("username", "name", "role", "area", "line", "is_active", "is_staff", "last_login")


@admin.register(models.Event)
class EventAdmin(LookOnly):
    list_display = ("at", "by", "code", "chain", "place")
    list_filter = ("code",)
    show_full_result_count = False


@admin.register(models.Firm)
class FirmAdmin(LookOnly):
    list_display = ("name", "credit_code", "area", "stage", "operation")
    list_filter = ("stage", "operation")
    search_fields = ("name", "credit_code")


@admin.register(models.StageChange, models.Branch, models.Assignment, models.MassOrganisation)
class FactAdmin(LookOnly):
    pass
