"""Forms of the accounts that administrators keep."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from mofu.accounts.models import Role, User
from mofu.accounts.models.user import USERNAME_LETTERS
from mofu.accounts.policy import roles_granted_by
from mofu.entrance.flags import FLAGS
from mofu.registers.forms import WhyForm
from mofu.registers.register import Section


class AccountForm(WhyForm):
    """An account; its keeper offers units and roles of their own at most, and says why when they change."""

    rights = ("role", "organization", "handles_care")  # what decides over rights

    sections = (
        Section("账号", ("username", "name", "phone")),
        Section("单位与角色", ("organization", "role", "handles_care")),
    )

    class Meta:
        model = User
        fields = ("username", "name", "phone", "organization", "role", "handles_care")
        help_texts: ClassVar = {
            "username": f"登录用，建议用姓名拼音；不要用 admin、test 之类人人会猜的名字。{USERNAME_LETTERS}",
            "phone": "便于核对本人。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["organization"].required = True
        self.fields["role"].choices = [(role.value, role.label) for role in roles_granted_by(self.user)]
        is_own = self.instance.pk == self.user.pk
        for name in self.rights if is_own else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = "自己的单位、角色和经办由其他管理员调整。"
        if self.instance.pk and not is_own:
            self.ask_why("原因", "调整单位、角色或经办关爱档案时必填，写入操作留痕。")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where rights change without one."""
        data = super().clean() or self.cleaned_data
        if "why" in self.fields and not {*self.rights}.isdisjoint(self.changed_data) and not data.get("why"):
            self.add_error("why", "请填写调整单位、角色或经办关爱档案的原因。")
        return data


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        error_messages={"required": "请写明原因，原因会记入操作留痕。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AccountFilter(forms.Form):
    """What the list of accounts is narrowed to."""

    q = forms.CharField(label="搜索", max_length=40, required=False)
    role = forms.ChoiceField(label="角色", choices=[("", "全部"), *Role.choices], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), ("on", "启用"), ("off", "停用")], required=False
    )
    flag = forms.ChoiceField(
        label="提示", choices=[("", "全部"), *((flag.code, flag.title) for flag in FLAGS)], required=False
    )
