"""The register of units: the organisation tree as a list; the city shapes it, units add enterprises and the like below themselves."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models

from mofu.accounts.models import Organization, OrganizationKind, User
from mofu.accounts.models.organization import BOARD_KINDS, CODE_TAKEN
from mofu.accounts.scope import under
from mofu.registers.columns import Column
from mofu.registers.duplicate_rules import bare, same
from mofu.registers.forms import EndingForm
from mofu.registers.register import Register, Section, register

ORDINARY_KINDS = (
    OrganizationKind.ENTERPRISE,
    OrganizationKind.INSTITUTION,
    OrganizationKind.VILLAGE,
    OrganizationKind.SCHOOL,
)
CITYS_FIELDS = ("signed_as", "document_code")  # how a unit signs and numbers its papers


class OrganizationForm(EndingForm):
    """The form of a unit; below the city, units are added only beneath one's own and only of the ordinary kinds."""

    ending = ("active", False)
    ending_word = "停用"

    class Meta:
        error_messages: ClassVar = {"code": {"unique": CODE_TAKEN}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.is_city:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in ORDINARY_KINDS]
            self.fields["parent"].required = True
            for name in CITYS_FIELDS:
                self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """Leave boards and what stands beside them to the city."""
        data = super().clean()
        if not self.user.is_city and self.instance.pk and self.instance.kind not in ORDINARY_KINDS:
            raise forms.ValidationError(
                f"{self.instance.get_kind_display()}由市级维护，如需修改请联系市级工作人员。"
            )
        return data


@register
class OrganizationRegister(Register):
    """单位台账."""

    slug = "organizations"
    model = Organization
    group = "基础数据"
    order = 20
    icon = "building"
    intro = (
        "市、县（市、区）、产业工会、直属单位、企业、村和学校。上级单位变动时，其下全部单位和记录随之划转。"
    )
    form_base = OrganizationForm
    key_fields = (("code",), ("parent", "name"))
    columns = (
        "name",
        "short_name",
        "code",
        "kind",
        Column("parent", label="上级单位"),
        "industry",
        "chain",
        "contact",
        "contact_phone",
        "address",
        "active",
        "updated_at",
    )
    default_columns = ("name", "code", "kind", "parent", "industry", "contact", "active")
    ordering = ("path",)
    sections = (
        Section("基本信息", ("name", "short_name", "code", "kind", "parent", "sort", "active")),
        Section("行业与产业链", ("industry", "chain")),
        Section("联系方式", ("contact", "contact_phone", "address")),
        Section("公文", CITYS_FIELDS),
    )
    batch_fields = ("industry", "chain", "active")
    filter_fields = ("kind", "industry", "chain", "active")
    duplicate_rules = (
        same("name", "名称相同，上级单位不同", "name"),
        same("bare-name", "名称去掉空格、括号和“有限公司”“集团”等字样后相同", bare("name")),
    )
    duplicate_columns = (Column("parent", label="上级单位"), "kind", "code")
    distinct_words = "不是同一单位"

    def initial(self, user: User) -> dict[str, Any]:
        """Offer the user's own unit as the superior of a new one."""
        return {"parent": user.organization_id}

    def refusal(self, obj: Organization, user: User) -> str:
        """Nobody deletes the unit they belong to."""
        return "这是您所在的单位，不能删除。" if obj.pk == user.organization_id else ""

    def merge_refusal(self, winner: Organization, loser: Organization, user: User) -> str:
        """Boards stay what they are, a unit never goes into one below it, and nobody gives up their own unit."""
        if winner.kind != loser.kind:
            return "两个单位的类型不同，不能合并；请先在单位台账中改正单位类型。"
        if winner.kind in (OrganizationKind.CITY, *BOARD_KINDS):
            return "市、县（市、区）和功能区不能合并。"
        if loser.pk == user.organization_id:
            return "这是您所在的单位，不能并入其他单位。"
        if (winner.path or "").startswith(loser.path or "-"):
            return "上级单位不能并入其下级单位，请保留上级单位。"
        return ""

    def merge_follows(self, winner: Organization, loser: Organization) -> Sequence[models.QuerySet]:
        """The paths of all units below follow."""
        return [Organization.everything.filter(under(unit.path)) for unit in (winner, loser)]
