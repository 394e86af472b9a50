"""The register of mentorships."""

from actions.models import Mentorship, MentorshipNote
from mofu.registers.columns import Column
from mofu.registers.inlines import Inline
from mofu.registers.register import Register, Section, register


@register
class MentorshipRegister(Register):
    """师徒结对台账."""

    slug = "mentorships"
    model = Mentorship
    group = "五大行动"
    order = 60
    icon = "school"
    key_fields = (("master", "apprentice", "started_on"), ("master", "apprentice_name", "started_on"))
    sheet_fallbacks = {"apprentice": "apprentice_name"}
    columns = (
        "master", "master__org", Column("apprentice_shown", label="徒弟", width=12, needs=("apprentice",)),
        Column("apprentice__org", label="徒弟单位"), "studio", "agreement_no", "started_on", "ends_on", "ended_on",
        "level_before", "level_after", "appraised_on", "appraisal_grade", "result", "goal",
    )  # fmt: skip
    default_columns = (
        "master",
        "master__org",
        "apprentice_shown",
        "started_on",
        "ends_on",
        "level_before",
        "level_after",
    )
    ordering = ("-started_on", "-id")
    sections = (
        Section("师徒", ("master", "apprentice", "apprentice_name", "studio")),
        Section("协议", ("agreement_no", "started_on", "ends_on", "ended_on", "goal")),
        Section(
            "考核与出师",
            ("level_before", "level_after", "appraised_on", "appraisal_grade", "appraisal_comment", "result"),
        ),
    )
    batch_fields = ("studio", "ends_on", "ended_on", "appraisal_grade", "level_after")
    filter_fields = ("studio", "appraisal_grade", "level_after")
    inlines = (Inline(MentorshipNote, ("date", "text"), title="带徒记录"),)
