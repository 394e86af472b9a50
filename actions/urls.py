"""Addresses of the programme's own pages; the registers bring theirs."""

from django.urls import path

from actions.views import home, pages, reports, screen

app_name = "actions"

urlpatterns = [
    path("", home.home, name="home"),
    path("actions/", pages.index, name="index"),
    path("actions/<slug:code>/", pages.campaign, name="campaign"),
    path("people/", pages.people, name="people"),
    path("screen/", screen.screen, name="screen"),
    path("reports/", reports.index, name="reports"),
    path("reports/annual/<int:year>.<str:kind>", reports.annual, name="annual"),
]
