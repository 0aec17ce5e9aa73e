from django.urls import path

from core.exchange import views

app_name = "exchange"

urlpatterns = [
    path("instructors/import/", views.upload, name="upload"),
    path("instructors/import/template/", views.template, name="template"),
    path("instructors/import/<int:pk>/", views.sheet, name="sheet"),
    path("instructors/export/", views.export, name="export"),
]
