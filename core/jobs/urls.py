from django.urls import path

from core.jobs import views, views_queue

app_name = "jobs"

urlpatterns = [
    path("jobs/", views.mine, name="mine"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/state/", views.state, name="state"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("jobs/<int:pk>/again/", views.again, name="again"),
    path("jobs/<int:pk>/file/", views.result, name="file"),
    path("queue/", views_queue.queue, name="queue"),
    path("queue/<slug:pk>/again/", views_queue.again, name="queue_again"),
]
