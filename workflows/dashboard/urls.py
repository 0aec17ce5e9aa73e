from django.urls import path

from workflows.dashboard import views

app_name = "dashboard"
urlpatterns = [path("dashboard/", views.dashboard, name="dashboard")]
