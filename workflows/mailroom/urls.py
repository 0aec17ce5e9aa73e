from django.urls import path

from workflows.mailroom import views, views_calendar, views_robots

app_name = "mailroom"

urlpatterns = [
    path("notices/settings/", views.settings, name="settings"),
    path("notices/robots/new/", views_robots.robot_new, name="robot_new"),
    path("notices/robots/<int:pk>/", views_robots.robot, name="robot"),
    path("notices/robots/<int:pk>/test/", views_robots.robot_test, name="robot_test"),
    path("notices/robots/<int:pk>/pause/", views_robots.robot_pause, name="robot_pause"),
    path("notices/robots/<int:pk>/remove/", views_robots.robot_remove, name="robot_remove"),
    path("notices/calendar/", views_calendar.calendar_make, name="calendar_make"),
    path("notices/calendar/end/", views_calendar.calendar_end, name="calendar_end"),
    path("calendar/<str:token>.ics", views_calendar.calendar, name="calendar"),
]
