"""The register of craftsmen's academies."""

from actions.models import Academy, AcademyStatus
from mofu.registers.columns import Column
from mofu.registers.forms import EndingForm
from mofu.registers.register import Register, Section, register


class AcademyForm(EndingForm):
    """The form of an academy; why one is revoked has to be said."""

    ending = ("status", AcademyStatus.REVOKED)
    ending_word = "撤销"


@register
class AcademyRegister(Register):
    """工匠学院台账."""

    slug = "academies"
    model = Academy
    group = "五大行动"
    order = 80
    icon = "building-community"
    form_base = AcademyForm
    columns = (
        "name",
        "org",
        "host",
        "level",
        "status",
        "named_year",
        "named_on",
        "document_no",
        Column("trained_count", total=True),
        "note",
    )
    default_columns = ("name", "org", "host", "level", "status", "named_year", "trained_count")
    ordering = ("-named_year", "name_key", "id")
    sections = (
        Section("学院", ("name", "org", "host", "level")),
        Section("命名", ("status", "named_year", "named_on", "document_no", "trained_count", "note")),
    )
    batch_fields = ("org", "level", "status", "named_year")
    filter_fields = ("level", "status")
