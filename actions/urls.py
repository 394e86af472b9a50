"""Addresses of the programme's own pages; the registers bring theirs."""

from django.urls import path

from actions.views import home, pages, screen
from actions.views.reports import issuing
from actions.views.reports import pages as reports

app_name = "actions"

urlpatterns = [
    path("", home.home, name="home"),
    path("actions/", pages.index, name="index"),
    path("actions/<slug:code>/", pages.campaign, name="campaign"),
    path("people/", pages.people, name="people"),
    path("screen/", screen.screen, name="screen"),
    path("reports/", reports.PickerView.as_view(), name="reports"),
    path("reports/settings/", issuing.SettingsView.as_view(), name="report-settings"),
    path("reports/frozen/<int:pk>/", issuing.FrozenView.as_view(), name="frozen"),
    path("reports/frozen/<int:pk>/file.<str:suffix>", issuing.FrozenFileView.as_view(), name="frozen-file"),
    path(
        "reports/annual/<int:year>.<str:suffix>",
        reports.AnnualView.as_view(),
        {"kind": "annual"},
        name="annual",
    ),
    path("reports/<slug:kind>/", reports.ReportView.as_view(), name="report"),
    path("reports/<slug:kind>/file.<str:suffix>", reports.FileView.as_view(), name="report-file"),
    path("reports/<slug:kind>/passage/", issuing.PassageView.as_view(), name="report-passage"),
    path("reports/<slug:kind>/draft/", issuing.DraftView.as_view(), name="report-draft"),
    path("reports/<slug:kind>/freeze/", issuing.FreezeView.as_view(), name="report-freeze"),
]
