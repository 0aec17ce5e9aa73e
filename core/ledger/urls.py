from django.urls import path

from core.ledger import views, views_branches, views_entry, views_files

app_name = "ledger"

urlpatterns = [
    path("firms/", views.firms, name="firms"),
    path("firms/new/", views_entry.firm_new, name="firm_new"),
    path("firms/<int:pk>/edit/", views_entry.firm_edit, name="firm_edit"),
    path(
        "firms/<int:pk>/mass-organisations/new/",
        views_entry.mass_organisation_new,
        name="mass_organisation_new",
    ),
    path("firms/<int:pk>/files/new/", views_files.file_new, name="file_new"),
    path("files/<uuid:pk>/", views_files.file, name="file"),
    path("branches/", views_branches.branches, name="branches"),
    path("branches/new/", views_branches.branch_new, name="branch_new"),
    path("branches/<int:pk>/", views_branches.branch, name="branch"),
]
