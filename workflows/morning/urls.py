from django.urls import path

from workflows.morning import views
from workflows.morning.models import Sighting

app_name = "morning"

K = Sighting.Kind

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/late/", views.late, name="late"),
    path("today/could-move/", views.sightings, {"kind": K.CAN_MOVE}, name="can_move"),
    path("today/nearly/", views.sightings, {"kind": K.NEARLY}, name="nearly"),
    path("today/quiet/", views.sightings, {"kind": K.QUIET}, name="quiet"),
]
