"""Addresses of the accounts; those around the door keep the names that allauth looks for (mofu/urls.py)."""

from django.urls import path

from mofu.entrance.views import accounts

app_name = "entrance"
urlpatterns = [
    path("accounts/", accounts.AccountListView.as_view(), name="accounts"),
    path("accounts/new/", accounts.AccountNewView.as_view(), name="account-new"),
    path("accounts/<int:pk>/", accounts.AccountDetailView.as_view(), name="account"),
    path("accounts/<int:pk>/edit/", accounts.AccountEditView.as_view(), name="account-edit"),
    *(
        path(f"accounts/<int:pk>/{step.name.removeprefix('account-')}/", step.as_view(), name=step.name)
        for step in accounts.STEPS
    ),
]
