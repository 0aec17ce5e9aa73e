from django.urls import path

from workflows.recalls import views

app_name = "recalls"

urlpatterns = [
    path("firms/<int:pk>/recall/", views.recall, name="recall"),
    path("recalls/<int:pk>/", views.request_page, name="request"),
    path("recalls/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
