"""App configuration of the accounts floor."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class AccountsConfig(AppConfig):
    """Organisation tree, staff, roles, row scope and audit trail."""

    name = "mofu.accounts"
    verbose_name = "单位与账户"

    def ready(self) -> None:
        """Put every sign-in, failed sign-in and sign-out on the trail."""
        user_logged_in.connect(_signed_in, dispatch_uid="trail-in")
        user_logged_out.connect(_signed_out, dispatch_uid="trail-out")
        user_login_failed.connect(_failed, dispatch_uid="trail-failed")


def _signed_in(user: Any, **_: Any) -> None:
    from mofu.accounts import trail  # noqa: PLC0415 - needs the app registry

    trail.record(trail.Action.SIGNED_IN, user, actor=user)


def _signed_out(user: Any, **_: Any) -> None:
    from mofu.accounts import trail  # noqa: PLC0415 - needs the app registry

    if user is not None:
        trail.record(trail.Action.SIGNED_OUT, user, actor=user)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    from mofu.accounts import trail  # noqa: PLC0415 - needs the app registry

    trail.record(trail.Action.SIGN_IN_FAILED, reason=f"账号：{credentials.get('username', '')}"[:100])
