from django.urls import path

from core.people import (
    views,
    views_guidance,
    views_instructors,
    views_register,
    views_terms,
    views_ties,
)

app_name = "people"

urlpatterns = [
    path("firms/<int:pk>/members/new/", views.member_new, name="member_new"),
    path("members/<int:pk>/", views.member, name="member"),
    path("members/<int:pk>/left/", views.member_left, name="member_left"),
    path("members/<int:pk>/kind/", views.member_kind, name="member_kind"),
    path("firms/<int:pk>/guidance/", views_guidance.guidance, name="guidance"),
    path("firms/<int:pk>/guidance/new/", views_guidance.guidance_new, name="guidance_new"),
    path("firms/<int:pk>/assign/", views_instructors.assign, name="assign"),
    path("firms/<int:pk>/unassign/", views_instructors.unassign, name="unassign"),
    path("instructors/", views_instructors.instructors, name="instructors"),
    path("instructors/new/", views_instructors.instructor_new, name="instructor_new"),
    path("instructors/load/", views_register.load, name="load"),
    path("instructors/training/", views_register.course, name="course"),
    path(
        "instructors/training/<int:pk>/take-back/", views_register.training_undo, name="training_undo"
    ),
    path("instructors/<int:pk>/", views_instructors.instructor, name="instructor"),
    path("instructors/<int:pk>/edit/", views_terms.instructor_edit, name="instructor_edit"),
    path("instructors/<int:pk>/renew/", views_terms.instructor_renew, name="instructor_renew"),
    path(
        "instructors/<int:pk>/standing/", views_register.instructor_standing, name="instructor_standing"
    ),
    path("instructors/<int:pk>/history/", views_register.instructor_history, name="instructor_history"),
    path("instructors/<int:pk>/tie/", views_ties.instructor_tie, name="instructor_tie"),
    path("ties/<int:pk>/end/", views_ties.tie_end, name="tie_end"),
    path("instructors/<int:pk>/left/", views_terms.instructor_left, name="instructor_left"),
]
