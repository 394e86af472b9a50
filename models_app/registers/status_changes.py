"""The register of changes in laureates' standing."""

from models_app.models import StatusChange
from mofu.registers.register import Register, Section, register


@register
class StatusChangeRegister(Register):
    """变动记录台账."""

    slug = "status-changes"
    model = StatusChange
    group = "劳模工匠"
    order = 50
    icon = "transfer"
    key_fields = (("laureate", "kind", "happened_on"),)
    intro = "退休、去世、调离、撤销荣誉等变动经市级审核通过后，自动更新人员状态；档案保留，不再计入各项统计。"
    columns = (
        "laureate",
        "laureate__org",
        "kind",
        "happened_on",
        "to_unit",
        "document",
        "reason",
        "laureate__status",
    )
    default_columns = ("laureate", "laureate__org", "kind", "happened_on", "document", "laureate__status")
    ordering = ("-happened_on", "-id")
    sections = (
        Section("变动", ("laureate", "kind", "happened_on", "to_unit")),
        Section("依据", ("document", "reason")),
    )
    batch_fields = ("document",)
    filter_fields = ("kind",)
