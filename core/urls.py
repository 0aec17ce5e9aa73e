"""The porch: the only list of doors. Rooms are named by string, never imported."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.desk.urls")),
    path("", include("core.accounts.urls")),
    path("", include("core.ledger.urls")),
    path("", include("core.exchange.urls")),
    path("", include("core.imports.urls")),
    path("", include("core.people.urls")),
    path("", include("core.credentials.urls")),
    path("", include("core.contact_cards.urls")),
    path("", include("core.letters.urls")),
    path("", include("core.jobs.urls")),
    path("figures/", include("core.figures.urls")),
    path("reports/", include("core.reports.urls")),
    path("", include("core.api.urls")),
    path("audit/", include("core.audit.urls")),
    path("admin/", admin.site.urls),
    path("", include("workflows.urls")),
]

handler400 = "core.desk.trouble.bad_request"
handler403 = "core.desk.trouble.forbidden"
handler404 = "core.desk.trouble.not_found"
handler500 = "core.desk.trouble.server_error"
