from django.urls import path

from core.imports import views

app_name = "imports"

urlpatterns = [
    path("firms/import/", views.upload, name="upload"),
    path("firms/import/template/", views.template, name="template"),
    path("firms/import/<int:pk>/", views.imported, name="import"),
    path("firms/import/<int:pk>/remarks/", views.remarks, name="remarks"),
]
