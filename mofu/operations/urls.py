"""Addresses of the operating floor."""

from django.urls import path

from mofu.operations import views

app_name = "operations"
urlpatterns = [path("system/", views.system, name="system")]
