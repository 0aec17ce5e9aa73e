from django.urls import path

from core.contact_cards import views, views_tiers

app_name = "contact_cards"

urlpatterns = [
    path("contact-cards/", views_tiers.tiers, name="tiers"),
    path("contact-cards/print/", views.cards, name="print"),
    path("contact-cards/area/<slug:code>/<slug:tier>/", views_tiers.of_area, name="of_area"),
    path("contact-cards/named/<int:pk>/end/", views_tiers.end, name="end"),
    path("firms/<int:pk>/contact-card/", views.card, name="card"),
    path("firms/<int:pk>/contact-card/paper/", views.card_paper, name="card_paper"),
    path("firms/<int:pk>/contact-card/days/", views.visiting_days, name="days"),
    path("firms/<int:pk>/contact-card/<slug:tier>/", views_tiers.of_firm, name="of_firm"),
]
