"""The register of innovation studios."""

from actions.models import Studio, StudioMember, StudioOutcome
from mofu.registers.columns import Column
from mofu.registers.forms import Inline
from mofu.registers.register import Register, Section, register


@register
class StudioRegister(Register):
    """创新工作室台账."""

    slug = "studios"
    model = Studio
    group = "五大行动"
    order = 50
    icon = "bulb"
    takes_files = True
    columns = (
        "name", "org", "leader", "category", "level", "founder", "created_on", "document_no", "is_new_quality",
        "new_quality_reason", "is_demonstration", "chain", "address", "area", Column("funds_wan", total=True), "status",
        "reconfirmed_on",
    )  # fmt: skip
    default_columns = (
        "name",
        "org",
        "leader",
        "category",
        "level",
        "founder",
        "created_on",
        "is_new_quality",
    )
    ordering = ("name_key", "id")
    sections = (
        Section(
            "基本信息",
            ("name", "org", "leader", "category", "level", "founder", "created_on", "document_no", "chain"),
        ),
        Section(
            "类型与状态",
            ("is_new_quality", "new_quality_reason", "is_demonstration", "status", "reconfirmed_on"),
        ),
        Section("条件", ("address", "area", "funds_wan", "summary")),
    )
    batch_fields = ("org", "category", "level", "chain", "status", "founder", "reconfirmed_on")
    filter_fields = ("category", "level", "founder", "is_new_quality", "is_demonstration", "status", "chain")
    inlines = (
        Inline(StudioMember, ("laureate", "worker", "name", "role", "joined_on"), title="工作室成员"),
        Inline(StudioOutcome, ("kind", "title", "year", "benefit_wan", "trained"), title="工作室成果"),
    )
