from django.urls import include, path

urlpatterns = [
    path("", include("workflows.coverage.urls")),
    path("", include("workflows.evaluations.urls")),
    path("", include("workflows.assignments.urls")),
    path("", include("workflows.recalls.urls")),
    path("", include("workflows.handovers.urls")),
    path("", include("workflows.morning.urls")),
    path("", include("workflows.dashboard.urls")),
    path("", include("workflows.inbox.urls")),
    path("", include("workflows.mailroom.urls")),
    path("", include("workflows.matching.urls")),
    path("", include("workflows.surveys.urls")),
    path("", include("workflows.reconciling.urls")),
    path("", include("workflows.live.urls")),
]
