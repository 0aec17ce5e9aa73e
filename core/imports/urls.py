from django.urls import path

from core.imports import kind_views, views

app_name = "imports"

urlpatterns = [
    path("firms/import/", views.upload, name="upload"),
    path("firms/import/template/", views.template, name="template"),
    path("firms/import/<int:pk>/", views.imported, name="import"),
    path("firms/import/<int:pk>/remarks/", views.remarks, name="remarks"),
    path("imports/<slug:kind>/", kind_views.upload, name="list_upload"),
    path("imports/<slug:kind>/template/", kind_views.template, name="list_template"),
    path("imports/of/<int:pk>/", kind_views.imported, name="list"),
    path("imports/of/<int:pk>/remarks/", kind_views.remarks, name="list_remarks"),
    path("imports/of/<int:pk>/rows/<int:row>/", kind_views.row, name="list_row"),
]
