"""账号管理: the accounts that an administrator keeps, of the own unit and all below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import View

from mofu.accounts import trail_versions
from mofu.accounts.models import User
from mofu.accounts.models.user import USERNAME_TAKEN, StaffQuerySet
from mofu.accounts.policy import Right, may
from mofu.entrance import accounts, factor, kept_forms
from mofu.entrance.flags import FLAGS, flagged, flags_of
from mofu.entrance.forms import AccountFilter, AccountForm, ReasonForm
from mofu.registers import conflicts

_PAGE = 50


class AccountView(View):
    """Base: refuses without the right (403), hides other units' accounts (404), asks who it is before a change."""

    confirms = True  # whether the page asks for the password again

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check right and identity before anything is read."""
        if not may(request.user, Right.ADMINISTER):
            raise PermissionDenied
        if self.confirms and is_reauthentication_required(request, app="mofu.entrance"):
            return self._confirm(request)
        return super().dispatch(request, *args, **kwargs)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        """Send to the page that asks for the password; what was typed is kept sealed until then."""
        if request.method != "POST":
            raise ReauthenticationRequired
        kept_forms.keep(request, request.session, request.user.pk)
        back = urlencode({"next": reverse("resume")})
        return redirect(f"{reverse('account_reauthenticate')}?{back}")

    def accounts(self) -> StaffQuerySet:
        """Return the accounts in the user's keeping, with their flags."""
        keeper = self.request.user
        return flagged(User.objects.managed_by(keeper), keeper=keeper, now=timezone.now())

    def account(self, pk: int, *, lock: bool = False) -> User:
        """Return one of them, else 404; ``lock`` holds it until the transaction ends."""
        rows = self.accounts().filter(pk=pk)
        found = (rows.select_for_update(of=("self",)) if lock else rows).first()
        if found is None:
            raise Http404("没有这个账号，或不在您的管理范围内。")
        return found


class AccountListView(AccountView):
    """``/accounts/``: the list."""

    confirms = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        form = AccountFilter(request.GET)
        wish = form.cleaned_data if form.is_valid() else {}
        page = Paginator(_narrowed(self.accounts(), wish), _PAGE).get_page(request.GET.get("page"))
        rows = [(account, flags_of(account)) for account in page]
        return render(
            request, "entrance/accounts.html", {"form": form, "page_obj": page, "rows": rows, "flags": FLAGS}
        )


def _narrowed(found: StaffQuerySet, wish: dict[str, str]) -> StaffQuerySet:
    if text := wish.get("q", "").replace("\0", "").strip():
        named = Q(username__icontains=text) | Q(name__icontains=text) | Q(organization__name__contains=text)
        found = found.filter(named)
    if role := wish.get("role"):
        found = found.filter(role=role)
    if state := wish.get("state"):
        found = found.filter(is_active=state == "on")
    if flag := wish.get("flag"):
        found = found.filter(**{f"flag_{flag}": True})
    return found.order_by("organization__path", "username")


class AccountDetailView(AccountView):
    """``/accounts/<pk>/``: one account, its sessions, and what can be done to it."""

    confirms = False

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the account."""
        account = self.account(pk)
        context = {
            "account": account,
            "flags": flags_of(account),
            "has_factor": factor.has_factor(account),
            "sessions": UserSession.objects.purge_and_list(account),
            "is_self": account.pk == request.user.pk,
            "steps": [] if account.pk == request.user.pk else _steps(account),
        }
        return render(request, "entrance/account.html", context)


def _taken(form: AccountForm) -> AccountForm:
    """Say that somebody took the user name since it was found free."""
    form.add_error("username", USERNAME_TAKEN)
    return form


class AccountNewView(AccountView):
    """``/accounts/new/``: open an account; its first password is shown once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._page(AccountForm(user=request.user), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open the account, or show what is wrong."""
        form = AccountForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._page(form, 422)
        account = form.save(commit=False)
        try:
            password = accounts.open_account(account)
        except IntegrityError:
            return self._page(_taken(form), 422)
        return _shown_once(request, account, password)

    def _page(self, form: AccountForm, status: int) -> HttpResponse:
        return render(self.request, "entrance/account_form.html", {"form": form}, status=status)


class AccountEditView(AccountView):
    """``/accounts/<pk>/edit/``: name, unit and role; effective with the next request of its owner."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form."""
        seen, account = trail_versions.version(User, pk), self.account(pk)
        return self._page(AccountForm(instance=account, user=request.user), account, seen)

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save, show what is wrong, or what others changed since the page was shown (409)."""
        account = self.account(pk, lock=True)
        form = AccountForm(request.POST, instance=account, user=request.user)
        seen = trail_versions.version(User, pk)
        if trail_versions.is_stale(account, request.POST):
            conflict = conflicts.of_form(form, self.account(pk), request)
            return self._page(form, self.account(pk), seen, 409, conflict)
        if not form.is_valid():
            return self._page(form, self.account(pk), seen, 422)
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            return self._page(_taken(form), self.account(pk), seen, 422)
        messages.success(request, "账号已保存，即时生效。")
        return redirect("entrance:account", pk=pk)

    def _page(
        self,
        form: AccountForm,
        account: User,
        seen: str,
        status: int = 200,
        conflict: conflicts.Conflict | None = None,
    ) -> HttpResponse:
        context = {"form": form, "account": account, "seen": seen, "conflict": conflict}
        return render(self.request, "entrance/account_form.html", context, status=status)


class StepView(AccountView):
    """Base of what is done to one account, with a reason; nobody does it to themselves."""

    title = ""
    hint = ""
    icon = "key"
    name = ""
    done = ""
    act: Callable[[User, str], str | None]

    @classmethod
    def is_possible(cls, account: User) -> bool:
        """Whether the step makes sense now."""
        return account.is_active

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say what is missing."""
        account, form = self.account(pk), ReasonForm(request.POST)
        if account.pk == request.user.pk:
            raise PermissionDenied("管理员不能对自己的账号做这一步。")
        if not form.is_valid() or not self.is_possible(account):
            messages.error(request, "、".join(form.errors.get("reason", ["账号状态已变，没有处理。"])))
            return redirect("entrance:account", pk=pk)
        password = type(self).act(account, form.cleaned_data["reason"])
        if password:
            return _shown_once(request, account, password)
        messages.success(request, self.done)
        return redirect("entrance:account", pk=pk)


class ResetPasswordView(StepView):
    """``/accounts/<pk>/password/``."""

    title, name, icon = "重置密码", "account-password", "key"
    hint = "发放新的初始密码，原密码作废，所有登录随即失效。"
    act = staticmethod(accounts.reset_password)


class ResetFactorView(StepView):
    """``/accounts/<pk>/factor/``."""

    title, name, icon = "重置双重验证", "account-factor", "shield-x"
    hint = "换手机、丢手机或验证码被锁定时用。请先核实是本人。"
    done = "双重验证已重置，本人下次登录后重新设置。"
    act = staticmethod(accounts.reset_factor)

    @classmethod
    def is_possible(cls, account: User) -> bool:
        """Whether there is a factor to reset."""
        return factor.has_factor(account)


class EndSessionsView(StepView):
    """``/accounts/<pk>/sessions/``."""

    title, name, icon = "结束全部登录", "account-sessions", "logout"
    hint = "该账号在所有设备上立即退出。"
    done = "该账号已在所有设备上退出。"
    act = staticmethod(accounts.end_sessions)


class DisableView(StepView):
    """``/accounts/<pk>/disable/``."""

    title, name, icon = "停用账号", "account-disable", "user-off"
    hint = "人员离岗时用。停用后不能登录，正在进行的登录立即失效；记录和留痕保留。"
    done = "账号已停用，所有登录已失效。"
    act = staticmethod(accounts.disable)


class EnableView(StepView):
    """``/accounts/<pk>/enable/``."""

    title, name, icon = "恢复账号", "account-enable", "user-check"
    hint = "恢复后可用原密码登录；不放心时请再重置密码。"
    done = "账号已恢复。"
    act = staticmethod(accounts.enable)

    @classmethod
    def is_possible(cls, account: User) -> bool:
        """Whether it is switched off."""
        return not account.is_active


STEPS = (ResetPasswordView, ResetFactorView, EndSessionsView, DisableView, EnableView)


def _steps(account: User) -> list[tuple[type[StepView], str]]:
    """Return the steps that make sense now, each with its address."""
    return [
        (step, reverse(f"entrance:{step.name}", args=[account.pk]))
        for step in STEPS
        if step.is_possible(account)
    ]


def _shown_once(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Show a first password; it is in no session, no message and no log."""
    return render(request, "entrance/first_password.html", {"account": account, "password": password})
