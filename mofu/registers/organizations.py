"""The register of units: the organisation tree as a list; only the city changes it."""

from mofu.accounts.models import Organization
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register


@register
class OrganizationRegister(Register):
    """单位台账."""

    slug = "organizations"
    model = Organization
    group = "基础数据"
    icon = "building"
    intro = (
        "市、县（市、区）、产业工会、直属单位、企业、村和学校。上级单位变动时，其下全部单位和记录随之划转。"
    )
    city_only = True
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
    filter_fields = ("kind", "industry", "chain", "active")
