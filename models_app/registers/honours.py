"""The register of honours granted to laureates."""

from models_app.models import Honour
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register


@register
class HonourRegister(Register):
    """荣誉记录台账."""

    slug = "honours"
    model = Honour
    group = "劳模工匠"
    order = 20
    icon = "award"
    columns = (
        "laureate", "laureate__org", "title", Column("title__level", label="级别"), "batch_year", "granted_on",
        "granted_by", "document_no", "document_title", "certificate_no", "revoked", "revoked_on", "revoked_reason", "note",
    )  # fmt: skip
    default_columns = (
        "laureate",
        "laureate__org",
        "title",
        "title__level",
        "batch_year",
        "document_no",
        "revoked",
    )
    ordering = ("-batch_year", "-id")
    sections = (
        Section("荣誉", ("laureate", "title", "batch_year", "granted_on", "granted_by")),
        Section("认定材料", ("document_no", "document_title", "certificate_no", "note")),
        Section("撤销", ("revoked", "revoked_on", "revoked_reason", "revoked_document")),
    )
    batch_fields = ("title", "batch_year", "granted_on", "granted_by", "document_no", "document_title")
    filter_fields = ("title", "title__level", "title__kind", "revoked")
