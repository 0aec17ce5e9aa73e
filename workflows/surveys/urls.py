from django.urls import path

from workflows.surveys import views, views_firm

app_name = "surveys"

urlpatterns = [
    path("surveys/", views.rounds, name="rounds"),
    path("surveys/new/", views.round_new, name="round_new"),
    path("surveys/mine/", views_firm.mine, name="mine"),
    path("surveys/<int:pk>/", views.round_page, name="round"),
    path("surveys/<int:pk>/firms/", views.firms, name="firms"),
    path("surveys/<int:pk>/close/", views.round_close, name="round_close"),
    path("surveys/<int:pk>/cancel/", views.round_cancel, name="round_cancel"),
    path("surveys/firms/<int:pk>/", views_firm.firm, name="firm"),
    path("surveys/firms/<int:pk>/answer/", views_firm.answer, name="answer"),
    path("surveys/firms/<int:pk>/not-found/", views_firm.not_found, name="not_found"),
    path("surveys/firms/<int:pk>/settle/", views_firm.settle, name="settle"),
    path("surveys/firms/<int:pk>/take-back/", views_firm.take_back, name="take_back"),
]
