from django.urls import path

from workflows.reconciling import views

app_name = "reconciling"

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<int:pk>/", views.authority_list, name="list"),
    path("lists/rows/<int:pk>/add/", views.add, name="add"),
    path("lists/rows/<int:pk>/undo/", views.undo, name="undo"),
]
