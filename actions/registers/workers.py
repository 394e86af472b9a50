"""The register of workers."""

from actions.models import Worker
from models_app.masked_numbers import DATA_OF
from models_app.registers.person_form import PersonForm
from models_app.registers.person_sheet import PersonSheet
from mofu.registers.columns import Column
from mofu.registers.duplicate_rules import same, same_name_and_date, same_number
from mofu.registers.register import Register, Section, register


@register
class WorkerRegister(PersonSheet, Register):
    """职工台账."""

    slug = "workers"
    model = Worker
    group = "五大行动"
    order = 90
    icon = "user"
    form_base = PersonForm
    secret_fields = DATA_OF
    columns = (
        "name", "sex", "org", "trade", "skill_level", "birth_date",
        Column("masked_id_number", label="身份证号", width=20), Column("masked_phone", label="联系电话", width=14),
        "laureate", "note",
    )  # fmt: skip
    default_columns = ("name", "sex", "org", "trade", "skill_level", "masked_phone")
    ordering = ("name_key", "id")
    sections = (
        Section("基本信息", ("name", "id_number", "sex", "birth_date", "phone")),
        Section("工作情况", ("org", "trade", "skill_level", "laureate", "note")),
    )
    batch_fields = ("org", "trade", "skill_level")
    filter_fields = ("skill_level", "sex")
    duplicate_rules = (
        same_number("id_number_hash"),
        same_name_and_date("birth", "姓名相同、出生日期相符", "name", "birth_date", number="id_number_hash"),
        same("unit", "姓名、单位相同", "name", "org", number="id_number_hash", date="birth_date"),
    )
    duplicate_columns = ("org", "birth_date", Column("masked_id_number", label="身份证号"))
    distinct_words = "不是同一人"
