from django.urls import path

from core.desk import rulebook_page
from core.desk.health import healthz
from core.desk.home import home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("rulebook/", rulebook_page.rulebook, name="rulebook"),
]
