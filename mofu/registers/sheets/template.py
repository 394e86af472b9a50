"""The workbook to fill in: one sheet to type in, one that explains, one that holds the lists behind the drop-downs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mofu.accounts.models import Organization, User
from mofu.accounts.models.industry import Dictionary
from mofu.registers.id_numbers import check_digit
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets.columns import (
    SheetColumn,
    choices_of,
    columns_of,
    form_for,
    is_number,
    is_partial_date,
    is_text_number,
)
from mofu.registers.sheets.heads import EXAMPLE_MARK, GUIDE_SHEET, LISTS_SHEET
from mofu.registers.sheets.shapes import Shape
from mofu.registers.sheets.versions import VERSION_LABEL, columns_sum

ROWS = 1000  # rows prepared with drop-downs
MOST_CHOICES = 3000
_RED = PatternFill("solid", start_color="FFFBD5D5")
_BLUE = PatternFill("solid", start_color="FFDCE9F7")
_GREY = Font(name="仿宋", italic=True, color="FF6B7A8A")
_LINE = Side(style="thin", color="FFB0BAC5")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


class _Book:
    """The workbook of a template: sheets to type in, one that explains, one that holds the lists."""

    def __init__(self) -> None:
        self.book = Workbook()
        self.lists = self.book.create_sheet(LISTS_SHEET)
        self.used_lists: dict[tuple[str, ...], str] = {}

    def reference(self, choices: list[str]) -> str:
        """Return the cell range that holds a list, written once for all columns that share it."""
        key = tuple(choices)
        if key not in self.used_lists:
            letters = get_column_letter(len(self.used_lists) + 1)
            for row, text in enumerate(choices, start=1):
                cell = self.lists[f"{letters}{row}"]
                cell.value, cell.data_type = text, "s"
            self.used_lists[key] = f"{quote_sheetname(LISTS_SHEET)}!${letters}$1:${letters}${len(choices)}"
        return self.used_lists[key]


class _Template:
    """One sheet to type in while it is put together: of a register, or of one of its shapes."""

    def __init__(self, register: Register, user: User, book: _Book) -> None:
        self.register, self.user, self.book = register, user, book
        self.forms: dict[str, forms.ModelForm] = {"": form_for(register, user)}
        self.forms |= {side.ident: form_for(REGISTERS[side.slug], user) for side in register.sheet_sides}
        self.columns = [column for column in columns_of(register, self.forms[""], user) if not column.shown]
        self.sum = columns_sum(self.columns)
        if isinstance(register, Shape):
            self.columns = register.in_template(self.columns)

    def field(self, column: SheetColumn) -> forms.Field:
        return self.forms[column.side].fields[column.name]

    def choices(self, column: SheetColumn) -> list[str]:
        """Return what the column may hold, empty where anything goes or the list is too long for a drop-down."""
        field = self.field(column)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return []
        if isinstance(field, forms.ModelChoiceField):
            model = field.queryset.model
            if model is not Organization and not issubclass(model, Dictionary):
                return []
            rows = field.queryset[: MOST_CHOICES + 1]
            names = list(dict.fromkeys(row.name for row in rows))
            return names if len(names) <= MOST_CHOICES else []
        if isinstance(field, forms.BooleanField):
            return ["是", "否"]
        return list(dict.fromkeys(label for _, label in choices_of(field)))


def workbook(register: Register, user: User) -> bytes:
    """Return the import template of a register for a user: drop-downs offer the user's own units only.

    The shapes in which people usually keep the records come first, the register's own sheet after them.
    """
    book = _Book()
    templates = [_Template(shape, user, book) for shape in (*register.shapes(), register)]
    for number, template in enumerate(templates):
        sheet = book.book.worksheets[0] if not number else book.book.create_sheet(index=number)
        _sheet(template, sheet)
    version = f"{timezone.localdate():%Y%m%d}-{'-'.join(template.sum for template in templates)}"
    _guide(book, register, templates, version)
    book.lists.sheet_state = "hidden"
    book.book.move_sheet(book.lists, 1)
    book.book.properties.title, book.book.properties.version = f"{register.title}导入模板", version
    out = BytesIO()
    book.book.save(out)
    return out.getvalue()


def _sheet(template: _Template, sheet: Worksheet) -> None:
    """Fill one sheet to type in."""
    sheet.title = template.register.title
    _heading(template, sheet)
    for number, column in enumerate(template.columns, start=2):
        _column(template, sheet, number, column)
    sheet.freeze_panes = "C4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _heading(template: _Template, sheet: Worksheet) -> None:
    width = len(template.columns) + 1
    sheet["A1"] = f"{template.register.title}导入模板"
    sheet["A1"].font, sheet["A1"].alignment = Font(name="宋体", size=18, bold=True), _MIDDLE
    sheet["A2"] = (
        f"填报单位：{template.user.organization.name}　　填报日期：　　　　（红色列必填；填表前请看“{GUIDE_SHEET}”）"
    )
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 36, 32
    _head(sheet, 1, "序号", required=False)
    sheet.column_dimensions["A"].width = 14
    sheet["A4"], sheet["A4"].font = f"{EXAMPLE_MARK}（不导入）", _GREY


def _head(sheet: Worksheet, number: int, text: str, *, required: bool) -> None:
    cell = sheet.cell(3, number, text)
    cell.font, cell.alignment, cell.border = Font(name="仿宋", size=11, bold=True), _MIDDLE, _FRAME
    cell.fill = _RED if required else _BLUE


def _column(template: _Template, sheet: Worksheet, number: int, column: SheetColumn) -> None:
    letters, field = get_column_letter(number), template.field(column)
    _head(sheet, number, column.label, required=column.required)
    sheet.column_dimensions[letters].width = max(12, min(2 * len(column.label) + 6, 30))
    if not is_number(field):
        sheet.column_dimensions[letters].number_format = "@"
    choices = template.choices(column)
    example = sheet[f"{letters}4"]
    example.value, example.font = example_of(template.register, column, field, choices), _GREY
    if not is_number(field):
        example.number_format = "@"
    if choices:
        _drop_down(template, sheet, letters, column, field, choices)


def _drop_down(
    template: _Template,
    sheet: Worksheet,
    letters: str,
    column: SheetColumn,
    field: forms.Field,
    choices: list[str],
) -> None:
    """Offer the list; units may be typed as well, because new ones are asked about."""
    rule = DataValidation(type="list", formula1=f"={template.book.reference(choices)}", allow_blank=True)
    rule.showErrorMessage = not isinstance(field, forms.ModelChoiceField)
    rule.errorTitle, rule.error = "请从下拉列表中选择", f"“{column.label}”只能填列表中的内容。"
    rule.add(f"{letters}4:{letters}{ROWS + 3}")
    sheet.add_data_validation(rule)


def example_of(register: Register, column: SheetColumn, field: forms.Field, choices: list[str]) -> Any:
    """Return what the example row shows in a column."""
    if column.reader is not None and column.hint:
        return "√"
    if choices:
        return choices[0]
    if column.name == "id_number":
        first17 = "32099919750312001"  # a district that does not exist
        return first17 + check_digit(first17)
    if is_partial_date(field):
        return "2024-06"
    if isinstance(field, forms.DateField):
        return "2024-06-22"
    if is_number(field):
        return timezone.localdate().year if "year" in column.name else 1
    if "姓名" in column.label:
        return "张示例"
    return "13900000000" if is_text_number(column.name, register) and "phone" in column.name else ""


def _guide(book: _Book, register: Register, templates: list[_Template], version: str) -> None:
    sheet = book.book.create_sheet(GUIDE_SHEET)
    lines = [
        (f"{register.title}填表说明", ""),
        (VERSION_LABEL, version),
        *(
            line
            for template in templates
            if isinstance(template.register, Shape)
            for line in template.register.guide
        ),
        (
            "表头",
            "第3行是列名，可以增减、调换列，不要改列名；红色列必填，蓝色列选填。旧版模板和自己的表格也能导入。",
        ),
        ("示例行", f"第4行是示例，序号写着“{EXAMPLE_MARK}”，不会导入，可以删除。"),
        ("空白单元格", "空白表示不填；对已登记的记录，空白不会清除原有内容。"),
        ("日期", "可写 2024、2024.6、2024-06-22、2024年6月22日，知道到哪一级就写到哪一级。"),
        ("身份证号、电话", "按文本填写18位身份证号；存成数值会丢失末几位，不能导入。"),
        ("单位", "填写已登记的单位名称；没有登记过的单位，导入时会询问新建、对应或跳过。"),
        ("重复导入", "同一条记录再次导入只更新有变化的内容，不会重复。合计、签字栏和空行自动略过。"),
        *(line for template in templates for line in _rules(template, several=len(templates) > 1)),
    ]
    for row, (name, text) in enumerate(lines, start=1):
        sheet.cell(row, 1, name).font = Font(name="仿宋", size=11, bold=True)
        sheet.cell(row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 96


def _rules(template: _Template, *, several: bool) -> list[tuple[str, str]]:
    """Return the lines of the guide about the columns of one sheet."""
    head = f"列名（工作表“{template.register.title}”）" if several else "列名"
    rules = [(column.label, _rule(template, column)) for column in template.columns]
    return [("", ""), (head, "填写要求"), *rules]


def _rule(template: _Template, column: SheetColumn) -> str:
    field, words = template.field(column), ["必填" if column.required else "选填"]
    if column.hint:
        return f"{column.hint}。"
    choices = template.choices(column)
    if choices:
        words.append(f"可填：{'、'.join(choices[:20])}{' 等' if len(choices) > 20 else ''}")
    elif isinstance(field, forms.ModelMultipleChoiceField):
        words.append("可填多个，用顿号分开")
    elif isinstance(field, forms.ModelChoiceField):
        words.append("填写已登记的名称，同名的写成“名称（单位）”")
    elif is_partial_date(field):
        words.append("日期，可只写到年或月")
    elif isinstance(field, forms.DateField):
        words.append("日期，写到日")
    elif is_number(field):
        words.append("数字")
    return "；".join([*words, *([str(field.help_text)] if field.help_text else [])]) + "。"
