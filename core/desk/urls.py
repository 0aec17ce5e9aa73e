from django.urls import path

from core.desk.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
