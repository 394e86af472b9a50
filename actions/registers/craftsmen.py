"""The register of craftsmen in the making."""

from actions.models import Craftsman
from mofu.registers.register import Register, Section, register


@register
class CraftsmanRegister(Register):
    """工匠培育台账."""

    slug = "craftsmen"
    model = Craftsman
    group = "五大行动"
    order = 70
    icon = "hammer"
    key_fields = (("org", "name", "grade", "year"),)
    columns = (
        "name",
        "org",
        "grade",
        "stage",
        "year",
        "trade",
        "nominated_on",
        "named_on",
        "document_no",
        "laureate",
        "worker",
        "note",
    )
    default_columns = ("name", "org", "grade", "stage", "year", "trade", "named_on")
    ordering = ("-year", "name_key", "id")
    sections = (
        Section("人员", ("name", "org", "trade", "laureate", "worker")),
        Section("培育", ("grade", "stage", "year", "nominated_on", "named_on", "document_no", "note")),
    )
    batch_fields = ("org", "grade", "stage", "year", "trade")
    filter_fields = ("grade", "stage")
