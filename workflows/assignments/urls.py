from django.urls import path

from workflows.assignments import views, views_letter

app_name = "assignments"

urlpatterns = [
    path("assignments/", views.assignments, name="list"),
    path("assignments/<int:pk>/", views.request_page, name="request"),
    path("assignments/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("assignments/lists/<int:pk>/", views.issued, name="issued"),
    path("assignments/lists/<int:pk>/letter/<slug:kind>/", views_letter.letter, name="letter"),
    path("firms/<int:pk>/propose-instructor/", views.propose, name="propose"),
    path("instructors/<int:pk>/propose-firm/", views.propose_for, name="propose_for"),
]
