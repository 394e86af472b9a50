"""App configuration of the accounts floor."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisation tree, staff, roles, row scope and audit trail."""

    name = "mofu.accounts"
    verbose_name = "单位与账户"
