from django.urls import path

from workflows.matching import views

app_name = "matching"

urlpatterns = [
    path("matching/", views.boards, name="board"),
    path("matching/<int:pk>/", views.pairs, name="pairs"),
    path("matching/<int:pk>/all/", views.accept_all, name="accept_all"),
]
