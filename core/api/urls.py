from django.urls import include, path

from core.api import views
from core.api.door import doors, nothing

app_name = "api"
urlpatterns = [
    path("api/", views.guide, name="guide"),
    path("api/v1/", include((doors(), "v1"))),
    path("api/v1/<path:rest>", nothing, name="nothing"),
    path("platforms/", views.platforms, name="platforms"),
    path("platforms/new/", views.platform_new, name="platform_new"),
    path("platforms/<int:pk>/revoke/", views.platform_revoke, name="platform_revoke"),
]
