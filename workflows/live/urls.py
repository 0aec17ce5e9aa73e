from django.urls import path

from workflows.live import views

app_name = "live"

urlpatterns = [path("live/", views.since, name="since")]
