"""App configuration of the entrance."""

from django.apps import AppConfig


class EntranceConfig(AppConfig):
    """Sign-in, second factor, sessions and accounts."""

    name = "mofu.entrance"
    verbose_name = "登录与账号"

    def ready(self) -> None:
        """Start the clock of sessions, end others when a factor changes, put the accounts into the menu."""
        from allauth.mfa import signals as mfa  # noqa: PLC0415 - needs the app registry
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from mofu.accounts.policy import Right  # noqa: PLC0415
        from mofu.entrance import clock, factor_changes  # noqa: PLC0415
        from mofu.registers import menu  # noqa: PLC0415

        user_logged_in.connect(clock.begin, dispatch_uid="clock")
        mfa.authenticator_added.connect(factor_changes.added, dispatch_uid="factor-added")
        mfa.authenticator_removed.connect(factor_changes.removed, dispatch_uid="factor-removed")
        mfa.authenticator_reset.connect(factor_changes.reset, dispatch_uid="factor-reset")
        menu.add_link("", "账号管理", "entrance:accounts", Right.ADMINISTER, "users")
