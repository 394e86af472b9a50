"""The register of units: the organisation tree as a list; the city shapes it, units add enterprises and the like below themselves."""

from typing import Any

from mofu.accounts.models import Organization, OrganizationKind, User
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.register import Register, Section, register

ORDINARY_KINDS = (
    OrganizationKind.ENTERPRISE,
    OrganizationKind.INSTITUTION,
    OrganizationKind.VILLAGE,
    OrganizationKind.SCHOOL,
)


class OrganizationForm(RecordForm):
    """The form of a unit; below the city, units are added only beneath one's own and only of the ordinary kinds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.is_city:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in ORDINARY_KINDS]
            self.fields["parent"].required = True


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
    )
    batch_fields = ("industry", "chain", "active")
    filter_fields = ("kind", "industry", "chain", "active")

    def initial(self, user: User) -> dict[str, Any]:
        """Offer the user's own unit as the superior of a new one."""
        return {"parent": user.organization_id}

    def refusal(self, obj: Organization, user: User) -> str:
        """Nobody deletes the unit they belong to."""
        return "这是您所在的单位，不能删除。" if obj.pk == user.organization_id else ""
