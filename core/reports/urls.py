from django.urls import path

from core.reports import views, views_copies

app_name = "reports"
urlpatterns = [
    path("", views.tables, name="tables"),
    path("copies/", views_copies.copies_list, name="copies"),
    path("copies/<uuid:pk>/", views_copies.copy, name="copy"),
    path("copies/<uuid:pk>/file/", views_copies.copy_file, name="copy_file"),
    path("<slug:report>/", views.table, name="table"),
    path("<slug:report>/make/", views.make, name="make"),
    path("<slug:report>/report/", views_copies.report_to, name="report"),
    path("<slug:report>/headings/", views.layout, name="layout"),
    path("<slug:report>/headings/reset/", views.layout_reset, name="layout_reset"),
]
