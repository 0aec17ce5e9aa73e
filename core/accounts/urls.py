from django.urls import path

from core.accounts import views, views_leave, views_people

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/leave/", views_leave.leave, name="leave"),
    path("account/leave/<int:pk>/end/", views_leave.leave_end, name="leave_end"),
    path("language/", views.set_language, name="set_language"),
    path("accounts/", views_people.people_list, name="people_list"),
    path("accounts/new/", views_people.person_new, name="person_new"),
    path("accounts/<int:pk>/", views_people.person, name="person"),
    path("accounts/<int:pk>/leave/", views_leave.leave_of, name="leave_of"),
    path("accounts/<int:pk>/edit/", views_people.person_edit, name="person_edit"),
    path("accounts/<int:pk>/close/", views_people.person_close, name="person_close"),
    path("accounts/<int:pk>/reopen/", views_people.person_reopen, name="person_reopen"),
]
