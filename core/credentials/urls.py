from django.urls import path

from core.credentials import views, views_check, views_keep, views_portrait

app_name = "credentials"

urlpatterns = [
    path("credentials/", views.credentials, name="list"),
    path("credentials/print/", views_keep.print_many, name="print"),
    path("credentials/<int:pk>/", views.credential, name="credential"),
    path("credentials/<int:pk>/card/", views_keep.card_paper, name="card_paper"),
    path("credentials/<int:pk>/<slug:verb>/", views_keep.move, name="move"),
    path("instructors/<int:pk>/credential/", views_keep.issue, name="issue"),
    path("instructors/<int:pk>/portrait/", views_portrait.portrait, name="portrait"),
    path("instructors/<int:pk>/portrait/new/", views_portrait.portrait_new, name="portrait_new"),
    path("c/<str:token>/", views_check.check, name="check"),
]
