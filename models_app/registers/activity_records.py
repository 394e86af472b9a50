"""The register of laureates' social activities."""

from models_app.models import ActivityRecord
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register


@register
class ActivityRecordRegister(Register):
    """社会活动记录台账."""

    slug = "activity-records"
    model = ActivityRecord
    group = "劳模工匠"
    order = 40
    icon = "heart-handshake"
    key_fields = (("laureate", "date", "title"),)
    intro = "五大行动中的活动请登记到“活动”台账，会自动进入个人档案，不必在此重复录入。"
    columns = (
        "laureate",
        "laureate__org",
        "date",
        "kind",
        "title",
        "place",
        "organiser",
        Column("hours", total=True),
        "note",
    )
    default_columns = ("laureate", "laureate__org", "date", "kind", "title", "organiser", "hours")
    ordering = ("-date", "-id")
    sections = (
        Section("活动", ("laureate", "date", "kind", "title")),
        Section("详情", ("place", "organiser", "hours", "note")),
    )
    batch_fields = ("kind", "place", "organiser")
    filter_fields = ("kind",)
