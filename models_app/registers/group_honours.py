"""The register of honours granted to units and their teams."""

from models_app.models import GroupHonour
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register


@register
class GroupHonourRegister(Register):
    """集体荣誉台账."""

    slug = "group-honours"
    model = GroupHonour
    group = "劳模工匠"
    order = 30
    icon = "trophy"
    columns = (
        "org",
        "section",
        "title",
        Column("title__level", label="级别"),
        "year",
        "granted_on",
        "document_no",
        "note",
    )
    default_columns = ("org", "section", "title", "title__level", "year", "document_no")
    ordering = ("-year", "-id")
    sections = (
        Section("荣誉", ("org", "section", "title", "year")),
        Section("认定材料", ("granted_on", "document_no", "note")),
    )
    batch_fields = ("title", "year", "granted_on", "document_no")
    filter_fields = ("title", "title__level")
