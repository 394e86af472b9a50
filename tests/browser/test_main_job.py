"""The main job: a county enters and hands in, the city approves, every figure moves by exactly what was entered."""

from __future__ import annotations

import re

import openpyxl
import pypdf
import pytest
from django.utils import timezone

from actions.progress.indicator import INDICATORS
from tests.makers import made_id_number, make_event, make_laureate, make_mentorship, make_studio

pytestmark = pytest.mark.browser

HAND_IN = "保存并送审"
TODAY = timezone.localdate()
MOVES = {
    "six_ins.sessions": 1,
    "six_ins.enterprise": 1,
    "six_ins.audience": 126,
    "mentoring.studios": 1,
    "mentoring.studios_new_quality": 1,
    "mentoring.pairs": 1,
}
PEOPLE = ("顾海涛", "仇红梅")
SESSION, STUDIO, APPRENTICE = "弘扬工匠精神宣讲走进东台机械", "顾海涛焊接创新工作室", "薛小军"
NEW_ROWS = {"events": SESSION, "studios": STUDIO, "mentorships": PEOPLE[0]}


@pytest.fixture
def earlier(town):
    """Approved records of both counties from before: figures must move, not merely appear."""
    for code in ("320981", "320924"):
        unit = town[code]
        person = make_laureate(org=unit)
        make_event(org=unit, laureates=[person], date=TODAY, audience=40)
        make_studio(leader=person, created_on=f"{TODAY:%Y-%m}")
        make_mentorship(master=person, started_on=TODAY)


def enter_everything(county):
    """Enter the county's records one after the other; return slug → address, laureates as a list."""
    made = {"laureates": []}
    for name, title in zip(PEOPLE, ("电焊工", "教师"), strict=True):
        fields = {"name": name, "id_number": made_id_number(), "category": "劳动模范", "title": title}
        made["laureates"].append(county.enter("laureates", button=HAND_IN, **fields))
    made["honours"] = county.enter(
        "honours", button=HAND_IN, laureate=PEOPLE[0], title="全国劳动模范", batch_year=str(TODAY.year)
    )
    made["events"] = enter_session(county)
    made["studios"] = county.enter(
        "studios", button=HAND_IN, name=STUDIO, leader=PEOPLE[0], category="技术类", founder="企业",
        created_on=f"{TODAY:%Y.%m}", is_new_quality=True, new_quality_reason="新能源装备焊接机器人",
    )  # fmt: skip
    made["workers"] = county.enter("workers", button="保存", name=APPRENTICE, trade="电焊工")
    made["mentorships"] = county.enter(
        "mentorships", button=HAND_IN, master=PEOPLE[0], apprentice=APPRENTICE, started_on=TODAY.isoformat()
    )
    return made


def enter_session(county):
    """Enter a session in an enterprise with both laureates."""
    county.open("/events/new/")
    fields = {"title": SESSION, "kind": "“六进”宣讲", "destination": "进企业", "date": TODAY.isoformat()}
    county.fill(**fields, audience="126")
    county.fill(**{"participation-0-laureate": PEOPLE[0], "participation-0-part": "主讲"})
    county.press("添加一行")
    county.fill(**{"participation-1-laureate": PEOPLE[1], "participation-1-part": "示范"})
    county.press(HAND_IN)
    assert county.page.get_by_role("status").filter(has_text="已保存并送审").is_visible()
    return re.search(r"/events/\d+/", county.page.url)[0]


def approve_everything(city):
    """Approve all that waits, kind by kind, each in one batch; return how many batches."""
    batches = 0
    city.open("/review/")
    while city.page.get_by_role("button", name="所选通过").count():
        city.confirm(city.page.get_by_role("button", name="所选通过").first)
        assert city.page.get_by_role("status").filter(has_text="已审核通过").is_visible()
        batches += 1
    return batches


def reported(staff):
    """Download the year's workbook and PDF as a reader does; return label → figure of the one and of the other."""
    staff.open("/reports/")
    link = f"a[href='/reports/annual/{TODAY.year}.%s']"
    name, book = staff.download(staff.page.locator(link % "xlsx"))
    assert name.endswith(".xlsx")
    name, paper = staff.download(staff.page.locator(link % "pdf"))
    assert name.endswith(".pdf")
    return in_workbook(openpyxl.load_workbook(book)), in_pdf(pypdf.PdfReader(paper))


def in_workbook(book):
    """Return what stands below the headers 指标, 数量 of all sheets."""
    found, reading = {}, False
    for row in (row for sheet in book for row in sheet.iter_rows(values_only=True, max_col=2)):
        reading = row == ("指标", "数量") or (reading and row[0] is not None and isinstance(row[1], int))
        if reading and row[0] != "指标":
            found[row[0]] = row[1]
    return found


def in_pdf(paper):
    """Return label → figure of the lines that begin with an indicator's label, a figure and its unit."""
    text = "\n".join(page.extract_text() for page in paper.pages)
    found = {}
    for indicator in INDICATORS.values():
        line = rf"^{re.escape(indicator.label)} (\d+) {indicator.unit}\b"
        for figure in re.findall(line, text, re.MULTILINE):
            found[indicator.label] = int(figure)
    return found


def numbers(figures):
    return {code: figure for code, (figure, _) in figures.items()}


def moved(before, after):
    """Return by how much each figure moved, those that did not left out."""
    return {code: after[code] - before[code] for code in after if after[code] != before[code]}


def assert_drill_downs(staff, figures, known):
    """Each figure that moved opens exactly the records behind it: the ones from before and the new one."""
    for code in MOVES:
        address = figures[code][1]
        slug = address.split("/")[1]
        earlier = known[slug] if code != "mentoring.studios_new_quality" else []
        assert sorted(staff.rows(address)) == sorted([*earlier, NEW_ROWS[slug]]), code
        assert f"指标数 {figures[code][0]} " in staff.page.get_by_role("status").first.inner_text()


def assert_unreachable(other, made):
    """The other county finds none of it: not in lists, not in pickers, not by address."""
    for slug, name in [
        *NEW_ROWS.items(),
        ("laureates", PEOPLE[1]),
        ("honours", PEOPLE[0]),
        ("workers", APPRENTICE),
    ]:
        other.open(f"/{slug}/")
        assert name not in other.page.locator("#list").inner_text()
        assert other.rows(f"/{slug}/?q={name}") == []
    other.open("/mentorships/new/")
    assert other.offers("master", PEOPLE[0]) == []
    assert other.offers("apprentice", APPRENTICE) == []
    assert other.offers("studio", STUDIO) == []
    for address in [*made.pop("laureates"), *made.values()]:
        for page in ("", "edit/", "delete/", "history/"):
            assert other.status(address + page) == 404


def test_what_a_county_enters_counts_once_the_city_approves_and_stays_its_own(earlier, staff):
    county, city, other = staff("county"), staff("city"), staff("county2")
    before, county_before = numbers(city.figures(TODAY.year)), numbers(county.figures(TODAY.year))
    other_before = numbers(other.figures(TODAY.year))
    known = {slug: city.rows(f"/{slug}/") for slug in NEW_ROWS}

    made = enter_everything(county)
    assert numbers(city.figures(TODAY.year)) == before
    assert numbers(county.figures(TODAY.year)) == county_before
    assert [len(county.rows(f"/{slug}/?review_state=pending")) for slug in NEW_ROWS] == [1, 1, 1]

    assert approve_everything(city) == 5
    figures, county_figures = city.figures(TODAY.year), county.figures(TODAY.year)
    assert moved(before, numbers(figures)) == MOVES
    assert moved(county_before, numbers(county_figures)) == MOVES
    assert_drill_downs(city, figures, known)
    assert_drill_downs(county, county_figures, {slug: county_rows(county, slug) for slug in NEW_ROWS})

    by_label = {INDICATORS[code].label: figure for code, figure in numbers(figures).items()}
    book, paper = reported(city)
    assert book == by_label
    assert paper == by_label

    assert numbers(other.figures(TODAY.year)) == other_before
    assert_unreachable(other, made)


def county_rows(county, slug):
    """Return the county's records from before, from its own list."""
    return [name for name in county.rows(f"/{slug}/") if name != NEW_ROWS[slug]]
