"""Units that a file names and the user cannot see: what is asked, what may be made, and how thousands are settled."""

from __future__ import annotations

import re

import pytest
from openpyxl import Workbook

from models_app.models import Laureate
from mofu.accounts.models import Organization, OrganizationKind
from mofu.registers import duplicates
from mofu.registers.models import ImportBatch
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import batches, committing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.reading import read
from mofu.registers.sheets.units import kind_of
from tests.makers import make_org
from tests.registers.sheets_of import saved
from tests.registers.test_import_steps import HEAD, counts, dump, upload
from tests.registers.test_imports import messages_of, preview


def person(unit, name="张三"):
    return [name, "劳动模范", unit, "", ""]


def question_about(client, unit):
    """Return the page's questions with the name of the unit taken out."""
    address = upload(client, HEAD, person(unit))
    text = client.get(address).content.decode()
    section = text[text.index('id="units"') : text.index("import-commit")]
    return address, section.replace(unit, "X")


def test_a_unit_kept_elsewhere_is_asked_about_like_one_that_is_nowhere(cast, signed_in):
    make_org(name="滨海机密厂", parent=cast.sheyang, kind=OrganizationKind.ENTERPRISE)
    client = signed_in(cast.county)
    assert question_about(client, "滨海机密厂")[1] == question_about(client, "滨海无名厂")[1]


def test_a_second_unit_of_a_name_is_made_only_by_who_says_so_and_the_city_learns_of_it(cast, signed_in):
    kept = make_org(name="东台市机密厂", parent=cast.sheyang, kind=OrganizationKind.ENTERPRISE)
    client = signed_in(cast.county)
    address = upload(client, HEAD, person("东台市机密厂"))
    assert (counts(client, address)["new"], counts(client, address)["questions"]) == (0, 1)
    client.post(address, {"action": "check", "unit-1": "东台市机密厂", "answer-1": "create"})
    client.post(address, {"action": "draft"})
    made = Organization.everything.get(name="东台市机密厂", parent=cast.dongtai)
    found = [each.pair for each in duplicates.queue(cast.city, "organizations").found]
    assert found == [duplicates.pair_of(kept.pk, made.pk)]


def test_a_new_unit_named_after_the_own_one_is_still_suggested(cast):
    outcome = preview("laureates", cast.county, HEAD, person("东台市新厂"))
    assert [question.suggested for question in outcome.questions] == ["create"]


@pytest.mark.parametrize(
    ("unit", "why"), [("射阳县某厂", "名称以“射阳县”开头"), ("320924", "这是代码"), ("T99", "这是代码")]
)
def test_what_cannot_be_below_the_own_unit_is_not_made_there(unit, why, cast, signed_in):
    client = signed_in(cast.county)
    address, section = question_about(client, unit)
    assert why.replace(unit, "X") in section
    assert 'value="create"' not in section
    client.post(address, {"action": "check", "unit-1": unit, "answer-1": "create"})
    assert counts(client, address)["questions"] == 1
    client.post(address, {"action": "check", "units": "create"})
    client.post(address, {"action": "draft"})
    assert not Organization.everything.filter(name=unit).exists()
    assert not Laureate.everything.exists()


def test_a_union_may_have_members_in_any_county(cast):
    union = make_org(name="市轻工工会", kind=OrganizationKind.INDUSTRY_UNION)
    cast.county.organization = union
    outcome = preview("laureates", cast.county, HEAD, person("射阳县某厂"))
    assert [(question.parent, question.bar) for question in outcome.questions] == [(union, "")]


def test_a_code_in_use_elsewhere_is_refused_without_a_word_about_its_unit(cast, signed_in):
    make_org(name="射阳机密厂", code="SY-01", parent=cast.sheyang, kind=OrganizationKind.ENTERPRISE)
    head = ["单位名称", "单位代码", "单位类型", "上级单位"]
    outcome = preview("organizations", cast.county, head, ["新厂", "SY-01", "企业", "东台市"])
    assert messages_of(outcome) == ["这个单位代码不能使用，请核对；不清楚时请留空，由系统自动编号。"]
    form = {"name": "新厂", "code": "SY-01", "kind": "enterprise", "parent": cast.dongtai.pk, "sort": 1}
    page = signed_in(cast.county).post("/organizations/new/", form).content.decode()
    assert "这个单位代码不能使用" in page
    assert "射阳" not in page


# superiors in the same file -----------------------------------------------------------------------------------

TREE = ["单位名称", "单位代码", "单位类型", "上级单位"]


def tree(**parents):
    return [[name, "", "企业", parent] for name, parent in parents.items()]


@pytest.mark.parametrize("order", [1, -1], ids=["parents first", "children first"])
def test_a_unit_and_what_lies_below_it_come_in_one_file_in_any_order(order, cast, signed_in):
    client = signed_in(cast.county)
    rows = tree(甲集团="东台市", 甲一厂="甲集团", 甲车间="甲一厂", 乙厂="东台市")
    before = dump()
    address = upload(client, TREE, *rows[::order], slug="organizations")
    page = client.get(f"{address}?tab=new")
    assert [row["row"] for row in page.context["rows"]] == [2, 3, 4, 5]
    assert "甲集团（新单位）" in page.content.decode()
    client.post(address, {"action": "draft"})
    shop = Organization.everything.get(name="甲车间")
    steps = [Organization.everything.get(name=name) for name in ("甲集团", "甲一厂", "甲车间")]
    assert shop.path == cast.dongtai.path + "".join(f"{unit.pk:06d}" for unit in steps)
    client.post(address, {"action": "undo"})
    assert dump() == before


def test_a_superior_is_named_by_its_code_or_was_there_before(cast):
    make_org(name="老厂", parent=cast.dongtai, kind=OrganizationKind.ENTERPRISE, code="OLD")
    rows = [["甲集团", "JT", "企业", "东台市"], ["甲一厂", "", "企业", "JT"], ["老厂二部", "", "企业", "OLD"]]
    assert preview("organizations", cast.county, TREE, *rows).counts["new"] == 3


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*tree(甲一厂="甲集团"), ["甲集团", "", "没有这种", "东台市"]], "在第 3 行，该行没有被接受"),
        (tree(甲="乙", 乙="甲"), "互为上级单位"),
        (
            [["甲厂", "", "企业", "东台市"], ["甲厂", "", "企业", "老厂"], ["车间", "", "企业", "甲厂"]],
            "第 2、3 行都叫“甲厂”",
        ),
        (tree(甲="甲"), "请先新增这个上级单位"),
        ([*tree(新集团="东台市"), ["新县", "", "县（市、区）", "新集团"]], "只能直接设在市级单位之下"),
    ],
    ids=["refused", "circle", "twice", "itself", "board"],
)
def test_what_cannot_be_below_another_row_is_explained(rows, words, cast):
    make_org(name="老厂", parent=cast.dongtai, kind=OrganizationKind.ENTERPRISE)
    assert any(words in told for told in messages_of(preview("organizations", cast.city, TREE, *rows)))


def test_a_skipped_superior_takes_those_below_it_along(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, TREE, *tree(甲集团="东台市", 甲一厂="甲集团"), slug="organizations")
    client.post(address, {"action": "check", "row-2": "skip"})
    assert (counts(client, address)["new"], counts(client, address)["errors"]) == (0, 1)


# thousands ---------------------------------------------------------------------------------------------------


def names_on(page):
    return re.findall(r'name="unit-\d+" value="([^"]+)"', page)


def test_any_number_of_units_is_settled_page_by_page_and_all_at_once(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, *(person(f"第{n}新厂", f"张{n}") for n in range(120)))
    first, second = (client.get(f"{address}?units={page}").content.decode() for page in (1, 2))
    assert (len(names_on(first)), names_on(second)[0]) == (50, "第50新厂")
    assert len(re.findall(r' name="', second)) < 600
    client.post(
        address,
        {"action": "check", "units": "create", "unit-1": "第7新厂", "answer-1": "skip", "shown-1": ""},
    )
    assert (counts(client, address)["new"], counts(client, address)["questions"]) == (119, 1)
    seen = {
        "action": "check",
        "units": "skip",
        "unit-1": "第8新厂",
        "answer-1": "create",
        "shown-1": "create",
    }
    client.post(address, seen)  # what the page showed already is no answer of its own
    assert counts(client, address)["questions"] == 120
    client.post(address, {"action": "check", "units": "create", "units-all": "1"})
    assert counts(client, address)["new"] == 120
    client.post(address, {"action": "draft"})
    assert Organization.everything.filter(parent=cast.dongtai).count() == 120


def test_five_thousand_unknown_units_fit_into_one_form(cast, signed_in, settings):
    client = signed_in(cast.county)
    address = upload(client, HEAD, person("新厂"))
    batch = ImportBatch.objects.get()
    batches.keep_answers(
        batch, Answers(units={f"第{n}新厂": "skip" for n in range(5000)}, other_units="create")
    )
    client.post(address, {"action": "check", "units": "create"})
    batch.refresh_from_db()
    assert len(batches.answers_of(batch).units) == 5000
    assert counts(client, address)["new"] == 1


def test_units_are_mapped_with_one_query_however_many(cast, django_assert_num_queries):
    known = [make_org(name=f"{n}厂", parent=cast.dongtai) for n in range(30)]
    answers = {f"第{n}新厂": f"map:{unit.pk}" for n, unit in enumerate(known)}
    outcome = preview(
        "laureates", cast.county, HEAD, *(person(f"第{n}新厂", f"张{n}") for n in range(30)), answers=answers
    )
    assert outcome.counts["new"] == 30
    with django_assert_num_queries(0):
        assert [question.mapped_unit for question in outcome.questions] == [unit.name for unit in known]


def test_a_heading_gives_its_unit_to_rows_whose_unit_cell_is_empty(cast):
    book = Workbook()
    rows = [
        ["姓名", "类别", "工作单位"], ["东台市（2人）"], ["张三", "劳动模范", ""], ["李四", "劳动模范", "射阳县"],
        ["省级表彰"], ["王五", "劳动模范", ""], ["射阳县"], ["赵六", "劳动模范", None],
    ]  # fmt: skip
    for row in rows:
        book.active.append(row)
    for number in (2, 5, 7):
        book.active.merge_cells(start_row=number, end_row=number, start_column=1, end_column=3)
    outcome = committing.preview(REGISTERS["laureates"], cast.city, read("表.xlsx", saved(book)), Answers())
    units = {row.shown[0]: row.shown[2] for row in outcome.rows}
    assert units == {
        "张三": "东台市",
        "李四": "射阳县",
        "王五": str(cast.city.organization),
        "赵六": "射阳县",
    }
    assert [row.row for row in outcome.layout.left_out] == [2, 5, 7]
    assert any("按所在的小标题“东台市”、“射阳县”读入" in note for note in outcome.layout.notes)


@pytest.mark.parametrize("name", ["东台市总工会", "东台市焊接协会", "东台市人民政府", "东台市某局"])
def test_offices_and_unions_are_not_taken_for_enterprises(name):
    assert kind_of(name) == OrganizationKind.INSTITUTION
