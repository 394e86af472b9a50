"""劳模登记表: one person on one A4 page, with photo, honours, deeds and room for three opinions and stamps."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import QuerySet
from PIL import Image

from models_app.models import Honour, Laureate
from mofu.documents.report import Form, FormCell, Paragraph, Report, Section
from mofu.registers.masks import mask
from mofu.registers.partial_dates import PartialDate
from mofu.registers.records import ReviewState

Step = Callable[[int, int], None]
TITLE = "劳模工匠登记表"
_PENDING = "（未审核）"
PHOTO = (303, 425)  # pixels: 35 × 49 mm (2寸) at 220 dpi; phones open five hundred of them
FEWEST, MOST = 3, 5  # lines for honours
_WIDTHS = (18, 19, 17.5, 29, 17.5, 29, 32)
_OPINIONS = ("所在单位意见", "县（市、区）总工会意见", "市劳模协会意见")


def with_parts(people: QuerySet[Laureate]) -> QuerySet[Laureate]:
    """Return the people with everything a form prints, read with a few queries."""
    return people.select_related("org", "industry_union", "industry", "chain").prefetch_related(
        "honours__title"
    )


def registration_forms(
    people: Sequence[Laureate], day: date, *, in_full: bool, step: Step | None = None
) -> Report:
    """Return one form for each person; personal numbers masked unless ``in_full``."""
    sections = []
    for number, person in enumerate(people):
        if step:
            step(number, len(people))
        pending = "" if person.review_state == ReviewState.APPROVED else _PENDING
        blocks = [Paragraph(f"{TITLE}{pending}", look="title"), _form(person, in_full=in_full)]
        sections.append(Section("", blocks=blocks, numbered=False, new_page=True))
    title = f"{TITLE}（{people[0].name}）" if len(people) == 1 else f"{TITLE}（{len(people)}人）"
    return Report(title, "", "", day, sections, loose_leaves=True)


def _form(person: Laureate, *, in_full: bool) -> Form:
    above = [*_who(person, in_full=in_full), *_honours(person)]
    specialties, deeds, opinions = range(len(above), len(above) + 3)
    return Form(_WIDTHS, [*above, *_story(person)], splitting=(specialties, deeds), held=(opinions,))


def _who(person: Laureate, *, in_full: bool) -> list[tuple[float, list[FormCell]]]:
    photo = FormCell("" if person.photo else "照片", down=4, photo=_portrait(person))
    number, phone = (
        (person.id_number, person.phone) if in_full
        else (mask("id_number", person.id_number), mask("phone", person.phone))
    )  # fmt: skip
    born = _shown(person.birth_date)
    union = str(person.industry_union or "")
    return [
        (10, [*_pair("姓名", person.name), *_pair("性别", person.get_sex_display()), *_pair("出生日期", born), photo]),
        (10, [*_pair("民族", person.ethnicity), *_pair("籍贯", person.native_place), *_pair("政治面貌", person.get_political_status_display())]),
        (10, [*_pair("文化程度", person.get_education_display()), *_pair("参加工作", _shown(person.joined_work)), *_pair("人员类别", person.get_category_display())]),
        (10, [*_pair("人员状态", person.get_status_display()), *_pair("一线职工", "是" if person.is_frontline else "否"), *_pair("技能等级", person.get_skill_level_display() or "")]),
        (10, [*_pair("身份证号", number, 3), *_pair("联系电话", phone, 2)]),
        (10, [*_pair("工作单位", person.org.name, 3), *_pair("职务", person.position, 2)]),
        (10, [*_pair("所属产业", union or str(person.chain or person.industry or ""), 3), *_pair("职称", person.title, 2)]),
    ]  # fmt: skip


def _shown(day: PartialDate | str) -> str:
    return day.shown() if day else ""


def _pair(label: str, text: str, across: int = 1) -> list[FormCell]:
    return [FormCell(label, is_label=True), FormCell(text, across=across)]


def _honours(person: Laureate) -> list[tuple[float, list[FormCell]]]:
    """The honours in force, the highest first; those beyond the room are counted."""
    held = [
        one for one in person.honours.all() if not one.revoked and one.review_state == ReviewState.APPROVED
    ]
    held.sort(key=lambda one: (one.title.level, -one.batch_year))
    lines = [_honour(one) for one in held[:MOST]]
    lines += [("", "", "", "")] * max(0, FEWEST - len(lines))
    if len(held) > MOST:
        lines.append((f"另有 {len(held) - MOST} 项荣誉，详见荣誉台账", "", "", ""))
    heads = [FormCell("荣誉称号", across=2, is_label=True), FormCell("授予时间", is_label=True)]
    heads += [FormCell("授予单位", across=2, is_label=True), FormCell("表彰文号", is_label=True)]
    first = [FormCell("获得\n荣誉", down=len(lines) + 1, is_label=True), *heads]
    body = [
        (8, [FormCell(name, across=2), FormCell(when), FormCell(giver, across=2), FormCell(paper)])
        for name, when, giver, paper in lines
    ]
    return [(8, first), *body]


def _honour(honour: Honour) -> tuple[str, str, str, str]:
    when = _shown(honour.granted_on) or f"{honour.batch_year}年"
    return str(honour.title), when, honour.granted_by or honour.title.granting_body, honour.document_no


def _story(person: Laureate) -> list[tuple[float, list[FormCell]]]:
    signed = "\n\n（盖章）\n年　月　日"
    return [
        (14, [FormCell("技术\n专长", is_label=True), FormCell(person.specialties, across=6, at_left=True)]),
        (46, [FormCell("主要\n事迹", is_label=True), FormCell(person.deeds, across=6, at_left=True)]),
        (
            8,
            [
                FormCell(name, across=across, is_label=True)
                for name, across in zip(_OPINIONS, (2, 3, 2), strict=True)
            ],
        ),
        (28, [FormCell(signed, across=across) for across in (2, 3, 2)]),
    ]


def _portrait(person: Laureate) -> bytes:
    """The photo in the size of the form; empty where none is kept or the file is gone."""
    if not person.photo:
        return b""
    try:
        with person.photo.open("rb") as file, Image.open(file) as image:
            image.draft("RGB", PHOTO)  # a JPEG is read no larger than it is needed
            image.thumbnail(PHOTO)
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=80)
    except OSError:
        return b""
    return out.getvalue()
