"""Every indicator: the same number on the tile, behind its link, by board, by month, in the workbook and in the PDF."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from actions.models import ProgrammeSettings
from actions.progress.figures import Asked, read
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS
from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from actions.progress.within import Within
from actions.reports.annual import annual_report
from mofu.accounts.models.organization import STEP
from mofu.documents.pdf import pdf_available, to_pdf
from mofu.documents.workbook import to_xlsx
from mofu.registers.columns import shown
from mofu.registers.periods import Period
from tests import makers
from tests.actions.progress import scene

CODES = list(INDICATORS)
PROMISED = {
    *(
        f"six_ins.{name}"
        for name in ("speakers", "sessions", "sessions_online", "audience", *scene.DESTINATIONS)
    ),
    *(
        f"assist.{name}"
        for name in (
            "laureates",
            "enterprises",
            "problems",
            "trained",
            "skilled",
            "participations",
            "benefit",
        )
    ),
    *(
        f"mentoring.{name}"
        for name in ("studios", "studios_new_quality", "studios_association", "pairs", "promoted")
    ),
    *(f"craftsmen.{name}" for name in ("academies", "trained", "nominated_js51")),
    *(f"double_strive.item_{number}" for number in range(1, 11)),
    *(f"double_strive.lead_{kind}" for kind in scene.LEADS),
    "double_strive.participants",
    "double_strive.complete",
    "double_ten.done",
}
# 东台 with two laureates, 射阳 with one; see scene.py.
EXPECTED = {
    "six_ins.speakers": 3, "six_ins.sessions": 12, "six_ins.sessions_online": 2, "six_ins.audience": 6 * 30 + 6 * 60,
    **{f"six_ins.{name}": 2 for name in scene.DESTINATIONS},
    "assist.laureates": 3, "assist.enterprises": 2, "assist.problems": 12, "assist.trained": 80, "assist.skilled": 32,
    "assist.participations": 5, "assist.benefit": Decimal("50.00"),
    "mentoring.studios": 4, "mentoring.studios_new_quality": 2, "mentoring.studios_association": 2,
    "mentoring.pairs": 2, "mentoring.promoted": 2,
    "craftsmen.academies": 2, "craftsmen.trained": 2, "craftsmen.nominated_js51": 2,
    "double_strive.participants": 4, "double_strive.complete": 2,
    **{f"double_strive.item_{number}": 4 if number <= 4 else 2 for number in range(1, 11)},
    **{f"double_strive.lead_{kind}": 2 for kind in scene.LEADS},
    "double_ten.done": 1,
}  # fmt: skip


@pytest.fixture
def frame(cast):
    scene.build(cast)
    return Frame(cast.city, scene.YEAR, scene.TODAY, cast.city.organization, ProgrammeSettings())


def everything(frame):
    return Reading(frame, INDICATORS.values())


def figures(indicator, within):
    return read([Asked(indicator, within)], depth=2 * STEP)


def test_the_promised_indicators_exist_and_say_what_they_count():
    assert set(INDICATORS) == PROMISED
    for found in INDICATORS.values():
        assert found.doc
        assert not found.label.isascii()


def test_values_of_the_scene(frame):
    assert {row.indicator.code: row.value for row in progress_of(everything(frame))} == EXPECTED


@pytest.mark.parametrize("code", CODES)
def test_link_opens_exactly_the_rows_that_count(code, frame, cast, signed_in):
    row = next(row for row in progress_of(everything(frame)) if row.indicator.code == code)
    page = signed_in(cast.city).get(row.url)
    assert page.status_code == 200
    rows = INDICATORS[code].rows(frame.within())
    assert sorted(line.pk for line in page.context["rows"]) == sorted(rows.values_list("pk", flat=True))
    assert page.context["drill"].figure == f"{shown(row.value)} {row.unit}"
    export = signed_in(cast.city).get(row.url + "&export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(export.streaming_content))).active
    assert len([line for line in sheet.values if isinstance(line[0], int)]) == rows.count()


@pytest.mark.parametrize("code", CODES)
def test_boards_add_up_to_the_whole_and_open_their_own_rows(code, frame, cast, signed_in):
    indicator = INDICATORS[code]
    counts = figures(indicator, frame.within()).by_part(indicator.code)
    assert sum(counts.values()) == EXPECTED[code]
    if indicator.code == "double_ten.done":
        return  # tasks are the city's
    for org in (cast.dongtai, cast.sheyang):
        page = signed_in(cast.city).get(indicator.url(year=scene.YEAR, org=org.code))
        assert page.context["drill"].figure == f"{shown(counts[org.path])} {indicator.unit}"


@pytest.mark.parametrize("code", CODES)
def test_a_county_sees_its_own_part_as_the_city_sees_it(code, frame, cast):
    if code == "double_ten.done":
        return  # seen by all
    whole = figures(INDICATORS[code], frame.within()).by_part(code)
    for user, org in ((cast.county, cast.dongtai), (cast.other, cast.sheyang)):
        own = Within(user, Period.of_year(scene.YEAR), scene.TODAY)
        assert INDICATORS[code].value(own) == whole[org.path]


@pytest.mark.parametrize("code", [code for code in CODES if INDICATORS[code].dated])
def test_months_add_up_to_the_year_and_open_their_own_rows(code, frame, cast, signed_in):
    indicator = INDICATORS[code]
    counts = figures(indicator, frame.within()).by_month(code)
    assert sum(counts.values()) == EXPECTED[code]
    month = max(counts, key=counts.get)
    page = signed_in(cast.city).get(indicator.url(year=scene.YEAR, month=month))
    assert page.context["drill"].figure == f"{shown(counts[month])} {indicator.unit}"


def test_workbook_and_pdf_carry_the_same_numbers(frame):
    rows = progress_of(Reading(frame))
    report = annual_report(frame)
    cells = _labelled(to_xlsx(report))
    for row in rows:
        assert Decimal(str(cells[row.label])) == Decimal(str(row.value)), row.label
    if not pdf_available():
        pytest.skip("Pango is missing: no PDF on this machine")
    text = _pdf_text(to_pdf(report))
    for row in rows:
        assert f"{row.label}{row.shown}{row.unit}".replace(" ", "") in text, row.label


def _labelled(workbook):
    """Return label → number of all 指标 tables (label, figure, unit …) of the workbook."""
    found = {}
    labels = {indicator.label for indicator in INDICATORS.values()}
    for sheet in load_workbook(BytesIO(workbook), data_only=True).worksheets[1:]:
        for line in sheet.iter_rows(values_only=True):
            for label, figure in pairwise(line):
                if label in labels and isinstance(figure, (int, float)):
                    found.setdefault(label, figure)
    return found


def _pdf_text(pdf):
    return (
        "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        .replace(" ", "")
        .replace("\n", "")
    )


def test_unapproved_and_foreign_rows_never_count(frame, cast):
    stranger = Within(cast.stranger, Period.of_year(scene.YEAR), scene.TODAY)
    assert {found.value(stranger) for found in INDICATORS.values()} == {0}


def test_last_year_does_not_count_this_year(frame, cast):
    empty = Within(cast.city, Period.of_year(2030), scene.TODAY)
    for code in CODES:
        if not code.startswith(("six_ins.speakers", "mentoring.pairs")):
            assert INDICATORS[code].value(empty) == 0, code


def test_what_lies_outside_the_boards_is_counted_and_opened_apart(frame, cast, signed_in):
    union = makers.make_org(kind="industry_union", name="市交通工会")
    makers.make_event(org=union, audience=40)
    page = signed_in(cast.city).get("/actions/six-ins/", {"year": scene.YEAR})
    other = next(row for row in page.context["boards"].rows if row.name == "市直及产业")
    codes = [column.indicator.code for column in page.context["boards"].columns]
    cell = other.cells[codes.index("six_ins.sessions")]
    assert cell.value == 1
    opened = signed_in(cast.city).get(cell.url)
    assert opened.context["drill"].figure == "1 场"
    assert [row.cells[0] for row in opened.context["rows"]] == [union.events.get().title]


def test_a_unit_out_of_sight_opens_nothing(frame, cast, signed_in):
    page = signed_in(cast.county).get(INDICATORS["six_ins.sessions"].url(year=scene.YEAR, org="320924"))
    assert page.context["drill"].figure == "0 场"
    assert not page.context["rows"]


def test_querying_within_a_figure_stays_within_it(frame, cast, signed_in):
    """The filter form of a drill-down has no unit and year boxes that could override the figure's own."""
    address = INDICATORS["six_ins.sessions"].url(year=scene.YEAR, org="320981")
    page = signed_in(cast.city).get(address + "&q=&review_state=")
    assert page.context["page_obj"].paginator.count == 6
    assert {"org", "year"}.isdisjoint(page.context["filterset"].form.fields)


def test_unknown_indicator_is_not_found(cast, signed_in):
    assert signed_in(cast.city).get("/events/?indicator=nothing").status_code == 404


def test_year_only_dates_belong_to_no_month_and_are_shown_apart(cast, signed_in):
    makers.make_studio(org=cast.dongtai, created_on="2024")
    makers.make_studio(org=cast.dongtai, created_on="2024-01")
    makers.make_measure(code="m", campaign="mentoring")
    client = signed_in(cast.city)
    page = client.get("/actions/mentoring/", {"year": 2024})
    row = next(row for row in page.context["months"].rows if row.indicator.code == "mentoring.studios")
    assert row.total == 2
    assert [figure for month, figure, _ in row.months if month in (0, 1)] == [1, 1]
    for month, figure, url in row.months:
        assert client.get(url).context["drill"].figure == f"{figure} 家", month


def test_a_laureate_counts_at_home_only_even_when_a_union_sees_him(cast, signed_in):
    """A union below another board sees the laureate, but figures count each person in one board."""
    union = makers.make_org(kind="industry_union", parent=cast.sheyang, name="射阳产业工会")
    person = makers.make_laureate(org=cast.dongtai, industry_union=union)
    makers.make_assistance(org=cast.dongtai, laureates=[person])
    indicator = INDICATORS["assist.laureates"]
    client = signed_in(cast.city)
    for code, figure in (("320981", "1 人"), ("320924", "0 人")):
        assert client.get(indicator.url(year=2024, org=code)).context["drill"].figure == figure
    assert signed_in(cast.other).get(indicator.url(year=2024)).context["drill"].figure == "0 人"
