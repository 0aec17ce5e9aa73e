from django.urls import path

from core.letters import views

app_name = "letters"

urlpatterns = [
    path("letterhead/", views.letterhead, name="letterhead"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/paper/", views.paper, name="paper"),
]
