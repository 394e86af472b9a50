"""The second factor: who needs one, its sealed secret, and codes that count (ten wrong ones lock, none works twice)."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction

from mofu import encryption
from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.accounts.policy import needs_second_factor

log = logging.getLogger(__name__)
WRONG_CODES = 10  # in a row lock the factor
_SEEN = "factor_seen"  # in the session: the account had its factor; taking it away ends the session
WRONG, LAST_STEP = "wrong_codes", "last_step"  # in the data of a factor


def has_factor(user: User) -> bool:
    """Whether the account has an authenticator app set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_compulsory_for(user: User) -> bool:
    """Whether the account has to have a second factor."""
    return settings.SECOND_FACTOR_COMPULSORY and needs_second_factor(user)


def is_missing(user: User, session: SessionBase) -> bool:
    """Whether the account still has to set up its factor before anything else; asks the database once a session."""
    if not is_compulsory_for(user) or session.get(_SEEN):
        return False
    session[_SEEN] = has_factor(user)
    return not session[_SEEN]


def is_locked(user: User) -> bool:
    """Whether too many wrong codes locked the factor."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return factor is not None and factor.data.get(WRONG, 0) >= WRONG_CODES


def remove(user: User) -> bool:
    """Take the factor and its recovery codes away and end all sessions; return whether there was one."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    user.end_sessions()
    return bool(removed)


def spend(factor: Authenticator, code: str) -> None:
    """Let the code that a factor was set up with work no second time."""
    factor.data[LAST_STEP] = _step_of(factor, code) or 0
    factor.save(update_fields=["data"])


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's hooks for the second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证码不正确。请核对手机时间是否准确，并在新的验证码出现后立即输入。",
        "cannot_delete_authenticator": "您的角色必须使用双重验证，不能停用。换手机请联系管理员重置。",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with the keys of personal numbers."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return encryption.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody switches off what is compulsory for them; an administrator resets it."""
        return not is_compulsory_for(authenticator.user)


class PlainWords:
    """Mixin of allauth's forms for a code: says what is asked for."""

    asked = "验证码"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = self.asked
        self.fields["code"].widget.attrs |= {"placeholder": "", "inputmode": "numeric", "autofocus": True}


class CountedCode(PlainWords):
    """Mixin of allauth's forms for a code: under lock of the factor, so that two workers never take one code twice."""

    asked = "验证码或恢复码"

    def clean_code(self) -> str:
        """Return a code that is right and new; raise ValidationError for any other."""
        with transaction.atomic():
            factor = self._locked_factor()
            try:
                return self._checked(factor)
            except ValidationError as error:
                wrong = error
                self._count(factor)
        raise wrong

    def _locked_factor(self) -> Authenticator | None:
        factors = Authenticator.objects.select_for_update()
        return factors.filter(user=self.user, type=Authenticator.Type.TOTP).first()

    def _checked(self, factor: Authenticator | None) -> str:
        if factor is None or factor.data.get(WRONG, 0) >= WRONG_CODES:
            raise ValidationError(
                f"连续输错 {WRONG_CODES} 次，双重验证已锁定。请联系管理员重置。", code="locked"
            )
        code = super().clean_code()
        step = _step_of(factor, code)
        if step is not None and step <= factor.data.get(LAST_STEP, 0):
            raise ValidationError("这个验证码已经用过，请等下一个。", code="used")
        factor.data |= {WRONG: 0} | ({} if step is None else {LAST_STEP: step})
        factor.save(update_fields=["data"])
        return code

    def _count(self, factor: Authenticator | None) -> None:
        if factor is None or factor.data.get(WRONG, 0) >= WRONG_CODES:
            return
        factor.data[WRONG] = factor.data.get(WRONG, 0) + 1
        factor.save(update_fields=["data"])
        trail.record(trail.Action.SIGN_IN_FAILED, self.user, reason="双重验证码不正确", actor=self.user)
        if factor.data[WRONG] == WRONG_CODES:
            log.warning("second factor of account %s locked after %d wrong codes", self.user.pk, WRONG_CODES)
            trail.record(
                trail.Action.ALARM,
                self.user,
                reason=f"连续输错验证码 {WRONG_CODES} 次，双重验证已锁定；密码可能已泄露",
                actor=self.user,
            )


def _step_of(factor: Authenticator, code: str) -> int | None:
    """Return the time step a code of the app belongs to, None for a recovery code."""
    secret = encryption.decrypt(factor.data["secret"])
    for step in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))):
            return step
    return None


class SignInCodeForm(CountedCode, AuthenticateForm):
    """The code asked for after the password."""


class ConfirmCodeForm(CountedCode, ReauthenticateForm):
    """The code asked for to confirm who one is."""


class SetUpCodeForm(PlainWords, ActivateTOTPForm):
    """The first code of a new factor."""

    asked = "六位验证码"
