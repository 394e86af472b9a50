"""App configuration of the accounts floor."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate
from django.utils.crypto import salted_hmac


class AccountsConfig(AppConfig):
    """Organisation tree, staff, roles, row scope and audit trail."""

    name = "mofu.accounts"
    verbose_name = "单位与账户"

    def ready(self) -> None:
        """Put every sign-in, failed sign-in and sign-out on the trail; let the database protect it."""
        from mofu.accounts import trail_guard  # noqa: PLC0415 - needs the app registry

        post_migrate.connect(trail_guard.install, sender=self, dispatch_uid="trail-guard")
        user_logged_in.connect(_signed_in, dispatch_uid="trail-in")
        user_logged_out.connect(_signed_out, dispatch_uid="trail-out")
        user_login_failed.connect(_failed, dispatch_uid="trail-failed")


def _signed_in(user: Any, **_: Any) -> None:
    from mofu.accounts import trail, trail_blocks  # noqa: PLC0415 - needs the app registry

    trail.record(trail.Action.SIGNED_IN, user, actor=user)
    trail_blocks.close_when_due(most=trail_blocks.AT_SIGN_IN)


def _signed_out(user: Any, **_: Any) -> None:
    from mofu.accounts import trail  # noqa: PLC0415 - needs the app registry

    if user is not None:
        trail.record(trail.Action.SIGNED_OUT, user, actor=user)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """Name the account that was tried; of what is no account only a mark, for it may be a password or a foreign name."""
    from mofu.accounts import trail  # noqa: PLC0415 - needs the app registry
    from mofu.accounts.models import User  # noqa: PLC0415

    typed = str(credentials.get("username", ""))
    known = User.objects.filter(username__iexact=typed.replace("\0", "")).first()
    mark = salted_hmac("trail-failed", typed.lower(), algorithm="sha256").hexdigest()[:8]
    words = f"账号：{known.username}" if known else f"账号：不存在（标记 {mark}）"
    trail.record(trail.Action.SIGN_IN_FAILED, known, reason=words[:200])
