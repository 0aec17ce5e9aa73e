from django.urls import path

from core.figures import views, views_behind, views_printed

app_name = "figures"
urlpatterns = [
    path("", views.coverage, name="coverage"),
    path("firms/", views.rows, name="rows"),
    path("behind/<slug:key>/", views_behind.behind, name="behind"),
    path("bridge/", views.bridge, name="bridge"),
    path("check/", views_printed.check, name="check"),
    path("check/new/", views_printed.printed_new, name="printed_new"),
    path("check/<int:pk>/reading/", views_printed.printed_reading, name="printed_reading"),
    path("check/<int:pk>/take-back/", views_printed.printed_back, name="printed_back"),
]
