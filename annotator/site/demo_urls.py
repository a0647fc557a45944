"""The demo pages' paths, joined to the others only where settings.DEMO is on."""

from django.urls import path

from annotator.site import demo

app_name = "demo"
urlpatterns = [
    path("", demo.index, name="index"),
    path("euronews-raqa", demo.euronews, name="euronews"),
    path("peniche", demo.peniche, name="peniche"),
]
