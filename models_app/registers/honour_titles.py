"""The dictionary of honour titles."""

from models_app.models import HonourTitle
from mofu.registers.register import Register, Section, register


@register
class HonourTitleRegister(Register):
    """荣誉称号字典."""

    slug = "honour-titles"
    model = HonourTitle
    group = "劳模工匠"
    order = 60
    icon = "certificate"
    city_only = True
    columns = ("code", "name", "level", "kind", "granting_body", "for_whom", "sort", "active")
    default_columns = ("code", "name", "level", "kind", "granting_body", "for_whom", "active")
    ordering = ("sort", "code")
    sections = (
        Section("称号", ("code", "name", "level", "kind")),
        Section("授予", ("granting_body", "for_whom", "sort", "active")),
    )
    batch_fields = ("level", "kind", "granting_body", "active")
    filter_fields = ("level", "kind", "active")
