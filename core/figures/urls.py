from django.urls import path

from core.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.coverage, name="coverage"),
    path("firms/", views.rows, name="rows"),
    path("bridge/", views.bridge, name="bridge"),
]
