from django.urls import path

from workflows.handovers import views

app_name = "handovers"

urlpatterns = [
    path("handovers/", views.handovers, name="list"),
    path("handovers/<int:pk>/", views.handover, name="handover"),
    path("handovers/<int:pk>/pack.pdf", views.pack, name="pack"),
]
