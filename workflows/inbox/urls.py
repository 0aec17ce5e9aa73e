from django.urls import path

from workflows.inbox import views, views_task
from workflows.inbox.deeds import DEEDS
from workflows.notices.views import notices

app_name = "inbox"

urlpatterns = [
    path("tasks/", views.mine, name="mine"),
    path("tasks/queue/", views.queue, name="queue"),
    path("tasks/put-off/", views.held, name="held"),
    path("tasks/waiting/", views.waiting, name="waiting"),
    path("tasks/done/", views.done, name="done"),
    path("tasks/left-behind/", views.left_behind, name="left_behind"),
    path("tasks/bulk/", views.bulk_start, name="bulk"),
    path("tasks/bulk/<uuid:key>/", views.bulk_run, name="bulk_run"),
    path("tasks/filters/", views.filter_keep, name="filter_keep"),
    path("tasks/filters/<int:pk>/remove/", views.filter_remove, name="filter_remove"),
    path("tasks/<int:pk>/", views_task.task, name="task"),
    *(
        path(f"tasks/<int:pk>/{name.replace('_', '-')}/", views_task.deed, {"name": name}, name=name)
        for name in DEEDS
    ),
    path("notices/", notices, name="notices"),
]
