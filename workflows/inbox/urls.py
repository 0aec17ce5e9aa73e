from django.urls import path

from workflows.inbox import views
from workflows.notices.views import notices

app_name = "inbox"

urlpatterns = [
    path("tasks/", views.mine, name="mine"),
    path("tasks/queue/", views.queue, name="queue"),
    path("tasks/put-off/", views.held, name="held"),
    path("tasks/waiting/", views.waiting, name="waiting"),
    path("tasks/done/", views.done, name="done"),
    path("tasks/left-behind/", views.left_behind, name="left_behind"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/claim/", views.claim, name="claim"),
    path("tasks/<int:pk>/release/", views.release, name="release"),
    path("tasks/<int:pk>/reassign/", views.reassign, name="reassign"),
    path("notices/", notices, name="notices"),
]
