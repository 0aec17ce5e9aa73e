from django.urls import path

from workflows.evaluations import views, views_link, views_paper

app_name = "evaluations"

urlpatterns = [
    path("evaluations/", views.rounds, name="rounds"),
    path("evaluations/mine/", views.mine, name="mine"),
    path("evaluations/rounds/new/", views.round_new, name="round_new"),
    path("evaluations/rounds/<int:pk>/", views.round_page, name="round"),
    path("evaluations/rounds/<int:pk>/close/", views.round_close, name="round_close"),
    path("evaluations/rounds/<int:pk>/links/", views.round_slips, name="round_slips"),
    path("evaluations/rounds/<int:pk>/summary/", views.round_summary, name="round_summary"),
    path("evaluations/rounds/<int:pk>/summary.pdf", views_paper.summary_paper, name="summary_paper"),
    path("evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/draft/", views.draft, name="draft"),
    path("evaluations/<int:pk>/link.pdf", views_paper.slip, name="slip"),
    path("evaluations/<int:pk>/form.pdf", views_paper.form, name="form"),
    path("papers/evaluation-form.pdf", views_paper.blank_form, name="blank_form"),
    path("e/<str:token>/", views_link.link, name="link"),
]
