from django.urls import path

from workflows.coverage import views, views_case, views_chart, views_paper

app_name = "coverage"

urlpatterns = [
    path("chart/", views_chart.chart, name="chart"),
    path("firms/<int:pk>/", views_case.case, name="case"),
    path("firms/<int:pk>/propose/<slug:verb>/", views.propose, name="propose"),
    path("requests/<int:pk>/", views.transition_request, name="request"),
    path("requests/<int:pk>/withdraw/", views.withdraw_request, name="withdraw"),
    path("requests/<int:pk>/approval-form.pdf", views_paper.approval_form, name="approval_form"),
    path("papers/approval-forms/", views_paper.approval_forms, name="approval_forms"),
    path("papers/approval-form.pdf", views_paper.blank_form, name="blank_form"),
]
