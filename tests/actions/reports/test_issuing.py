"""Staff's own words beside the generated ones, what is kept of an issued report, and what changes later."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.utils import timezone

from actions.models import FrozenFile, FrozenReport, PaperSettings, ReportDraft, ReportEdit
from actions.reports import drafts
from actions.reports.drafts import passages
from actions.reports.freezing import changed_since
from actions.reports.making import generated_report, report_of
from actions.reports.renderings import WRITERS
from mofu.accounts.models import TrailEntry
from mofu.documents.pdf import PdfUnavailable, pdf_available
from mofu.documents.stored import as_json
from tests import makers

QUERY = "year=2024&span=year&org=320900"
PAGE = f"/reports/annual/?{QUERY}"
needs_pango = pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")


def body(response):
    return b"".join(response.streaming_content)


def passage(ordered, cast, key="six-ins"):
    order = ordered("annual", cast.city)
    return next(found for found in passages(order, generated_report(order)) if found.key == key)


def edit(client, text, key="six-ins", **extra):
    return client.post(f"/reports/annual/passage/?{QUERY}", {"key": key, "text": text} | extra)


def test_own_words_are_printed_and_the_generated_ones_kept(ordered, cast, signed_in):
    generated = passage(ordered, cast).generated
    client = signed_in(cast.city)
    assert edit(client, "宣讲团走进企业12场。\n职工反响热烈。").url == PAGE
    found = passage(ordered, cast)
    assert found.text == "宣讲团走进企业12场。\n职工反响热烈。"
    assert (found.generated, found.is_stale) == (generated, False)
    file = docx.Document(BytesIO(body(client.get(f"/reports/annual/file.docx?{QUERY}"))))
    text = [paragraph.text for paragraph in file.paragraphs]
    assert "职工反响热烈。" in text
    assert generated not in text
    page = client.get(PAGE).content.decode()
    assert "职工反响热烈。" in page
    assert "系统生成的文字" in page


def test_an_edit_is_flagged_when_a_figure_behind_it_changes(ordered, cast, signed_in):
    client = signed_in(cast.city)
    edit(client, "宣讲团全年12场。")
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1), audience=0)
    found = passage(ordered, cast)
    assert found.is_stale
    assert ("12", "13") in found.changed_figures
    page = client.get(PAGE).content.decode()
    assert "数据有变化" in page
    assert "12 → 13" in page


def test_generated_words_come_back(ordered, cast, signed_in):
    client = signed_in(cast.city)
    edit(client, "宣讲团全年12场。")
    edit(client, "", revert="1")
    assert passage(ordered, cast).edit is None
    edit(client, "宣讲团全年12场。")
    edit(client, passage(ordered, cast).generated)
    assert not ReportEdit.objects.exists()
    told = list(TrailEntry.objects.filter(model="actions.reportdraft").values_list("action", flat=True))
    assert sorted(told) == ["created", "created", "created", "deleted", "deleted"]


def test_only_passages_of_the_report_can_be_written(ordered, cast, signed_in):
    edit(signed_in(cast.city), "别的", key="nothing")
    assert not ReportEdit.objects.exists()


@pytest.mark.parametrize("page", ["passage", "draft", "freeze"])
def test_who_may_not_enter_does_not_edit_or_freeze(page, ordered, cast, signed_in):
    for user in (cast.leader, cast.auditor, cast.admin, cast.stranger):
        assert signed_in(user).post(f"/reports/annual/{page}/?year=2024").status_code == 403
    assert signed_in(cast.other).post(f"/reports/annual/{page}/?year=2024&org=320981").status_code == 404
    assert signed_in(cast.city).post(f"/reports/roster/{page}/").status_code == 403
    assert not ReportDraft.objects.visible_to(cast.city).exists()
    assert not FrozenReport.objects.visible_to(cast.city).exists()


def test_units_keep_drafts_of_their_own(ordered, cast, signed_in):
    client = signed_in(cast.county)
    client.post("/reports/annual/passage/?year=2024", {"key": "problems", "text": "本县没有问题。"})
    assert ReportDraft.objects.visible_to(cast.county).get().org == cast.dongtai
    assert not ReportDraft.objects.visible_to(cast.other).exists()
    assert "本县没有问题。" not in signed_in(cast.city).get(PAGE).content.decode()


def test_number_addressee_and_date_stand_on_the_paper(ordered, cast, signed_in):
    settings = PaperSettings(
        code="盐劳协", shows_red_head=True, addressee="各县（市、区）劳模协会", printed_by="秘书处"
    )
    settings.save()
    client = signed_in(cast.city)
    data = {"number": "7", "addressee": "", "dated": "2024-12-20"}
    client.post("/reports/circular/draft/?year=2024&span=q4", data)
    report = report_of(ordered("circular", cast.city, "year=2024&span=q4"))
    formal = report.formalities
    assert (formal.red_head, formal.document_no) == ("盐城市劳模协会文件", "盐劳协〔2024〕7号")
    assert formal.addressee == "各县（市、区）劳模协会"
    assert report.date == formal.printed_on == date(2024, 12, 20)
    own = report_of(ordered("circular", cast.county, "year=2024&span=q4"))
    assert (own.issuer, own.formalities.red_head, own.formalities.document_no) == ("东台市总工会", "", "")


def test_settings_are_the_citys_and_on_the_trail(cast, signed_in):
    data = {"issuer": "盐城市劳模协会", "red_head": "盐城市劳模协会文件", "code": "盐劳协"}
    assert signed_in(cast.county).post("/reports/settings/", data).status_code == 403
    assert signed_in(cast.city).post("/reports/settings/", data | {"issuer": ""}).status_code == 422
    assert signed_in(cast.city).post("/reports/settings/", data).status_code == 302
    assert PaperSettings.current().code == "盐劳协"
    entry = TrailEntry.objects.get(model="actions.papersettings")
    assert (
        entry.changes["机关代字"] == ["", "盐劳协"] if "机关代字" in entry.changes else entry.changes["code"]
    )


@pytest.fixture
def frozen(ordered, cast, signed_in):
    response = signed_in(cast.city).post(f"/reports/annual/freeze/?{QUERY}")
    assert response.status_code == 302
    return FrozenReport.objects.visible_to(cast.city).get()


@needs_pango
def test_frozen_files_stay_byte_for_byte(frozen, cast, signed_in):
    client = signed_in(cast.city)
    files = {file.suffix: file for file in frozen.files.all()}
    assert set(files) == {"pdf", "docx", "xlsx"}
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1))
    for suffix, file in files.items():
        content = body(client.get(f"/reports/frozen/{frozen.pk}/file.{suffix}"))
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.size
        assert bytes(file.sealed) != content
    assert TrailEntry.objects.filter(action="created", model="actions.frozenreport", actor=cast.city).exists()
    assert TrailEntry.objects.filter(action="downloaded").count() == 3


@needs_pango
def test_later_changes_show_old_and_new_figures(frozen, cast, signed_in):
    client = signed_in(cast.city)
    page = client.get(f"/reports/frozen/{frozen.pk}/")
    assert page.context["changes"] == []
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1), audience=5)
    changes = {
        what: (old, new) for what, old, new in client.get(f"/reports/frozen/{frozen.pk}/").context["changes"]
    }
    assert changes["“六进”行动指标 · 六进宣讲服务场次 · 数量"] == ("12", "13")
    assert changes["“六进”行动分板块情况 · 东台市 · 六进宣讲服务场次"] == ("6", "7")
    assert changes["“六进”行动指标 · 宣讲受众 · 数量"] == ("540", "545")


@needs_pango
def test_a_frozen_report_is_never_altered_and_seen_in_its_scope_only(frozen, cast, signed_in):
    frozen.title = "改过的标题"
    with pytest.raises(ValueError, match="never altered"):
        frozen.save()
    assert signed_in(cast.county).get(f"/reports/frozen/{frozen.pk}/").status_code == 404
    assert signed_in(cast.county).get(f"/reports/frozen/{frozen.pk}/file.pdf").status_code == 404
    assert signed_in(cast.leader).get(f"/reports/frozen/{frozen.pk}/file.pdf").status_code == 200
    assert signed_in(cast.auditor).get(f"/reports/frozen/{frozen.pk}/").status_code == 200
    assert signed_in(cast.auditor).get(f"/reports/frozen/{frozen.pk}/file.pdf").status_code == 403
    assert signed_in(cast.city).get(f"/reports/frozen/{frozen.pk}/file.zip").status_code == 404


def test_without_pdf_nothing_is_frozen(ordered, cast, signed_in, monkeypatch):
    def missing(_report):
        raise PdfUnavailable

    monkeypatch.setitem(WRITERS, "pdf", missing)
    assert signed_in(cast.city).post(f"/reports/annual/freeze/?{QUERY}").status_code == 503
    assert not FrozenReport.objects.visible_to(cast.city).exists()
    assert not FrozenFile.objects.exists()


def test_two_who_begin_a_draft_at_once_share_it(ordered, cast, monkeypatch):
    order = ordered("annual", cast.city)
    generated = generated_report(order)
    first = drafts.open_draft(order, generated)
    monkeypatch.setattr(drafts, "draft_of", lambda _order: None)  # as the slower one saw it
    assert drafts.open_draft(order, generated) == first


@pytest.mark.parametrize("page", ["passage", "draft", "freeze"])
@pytest.mark.parametrize("query", ["year=1", "year=2024&span=h9", "year=2024&org=320900"])
def test_what_cannot_be_made_is_refused_in_words(page, query, ordered, cast, signed_in):
    """A board's report of the whole city, a year or span there is not: a page that says so, nothing kept."""
    answer = signed_in(cast.city).post(f"/reports/board/{page}/?{query}", {"key": "overview", "text": "话"})
    assert answer.status_code == 422
    assert "不能生成这份报告" in answer.content.decode()
    assert not ReportDraft.objects.visible_to(cast.city).exists()
    assert not FrozenReport.objects.visible_to(cast.city).exists()


def test_two_editors_do_not_overwrite_each_other_unseen(ordered, cast, signed_in):
    client, seen = signed_in(cast.city), passage(ordered, cast).seen
    assert f'name="seen" value="{seen}"' in client.get(PAGE).content.decode()
    assert edit(client, "甲写的话。", seen=seen).status_code == 302
    for late in ({}, {"revert": "1"}):
        answer = edit(client, "乙写的话。", seen=seen, **late)
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "甲写的话。" in page
        assert ">乙写的话。</textarea>" in page
        assert passage(ordered, cast).text == "甲写的话。"
    assert edit(client, "乙写的话。", seen=passage(ordered, cast).seen).status_code == 302
    assert passage(ordered, cast).text == "乙写的话。"


def test_words_written_beside_old_figures_are_not_taken_for_new(ordered, cast, signed_in):
    client, seen = signed_in(cast.city), passage(ordered, cast).seen
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1), audience=0)
    assert edit(client, "宣讲团全年12场。", seen=seen).status_code == 409
    assert not ReportEdit.objects.exists()
    assert not ReportDraft.objects.visible_to(cast.city).exists()


def kept(order, user, days=0):
    """A frozen report as ``freeze`` keeps it, made some days ago."""
    made = timezone.now() - timedelta(days=days)
    report = report_of(replace(order, today=timezone.localdate(made)))
    frozen = FrozenReport(**order.names, title=report.title, content=as_json(report), frozen_by=user)
    frozen.save()
    FrozenReport.everything.filter(pk=frozen.pk).update(frozen_at=made)
    return FrozenReport.everything.get(pk=frozen.pk)


def test_time_that_goes_by_is_no_change_of_a_frozen_report(ordered, cast):
    year = timezone.localdate().year
    makers.make_target(
        org=cast.city.organization, indicator="craftsmen.trained", year=year, period="year", value=9
    )
    frozen = kept(ordered("annual", cast.city, f"year={year}"), cast.city, days=20)
    assert changed_since(frozen, cast.city) == []


def test_who_looks_at_a_frozen_report_makes_no_difference(ordered, cast):
    """Readers of the whole city are told a board's rank; a board's own report says nothing of it."""
    own = kept(ordered("board", cast.county, "year=2024"), cast.county)
    citys = kept(ordered("board", cast.city, "year=2024&org=320981"), cast.city)
    for frozen in (own, citys):
        assert changed_since(frozen, cast.city) == changed_since(frozen, cast.county) == []


@pytest.mark.parametrize("query", ["year=2019", "year=2100"])
def test_no_report_on_what_was_not_or_is_not_yet(query, ordered, cast, signed_in):
    page = signed_in(cast.city).get(f"/reports/annual/?{query}")
    assert page.status_code == 422
    assert "还没有开始" in page.content.decode() or "没有进展可以报告" in page.content.decode()
    assert signed_in(cast.city).get(f"/reports/annual/{query[-4:]}.xlsx").status_code == 422


HEAD = {"number": "7", "addressee": "各县（市、区）劳模协会", "dated": "2024-12-20"}


def write_head(client, **values):
    PaperSettings(pk=1, code="盐劳协").save()
    return client.post(f"/reports/annual/draft/?{QUERY}", HEAD | values)


def test_number_and_date_are_not_overwritten_unseen(ordered, cast, signed_in):
    client, order = signed_in(cast.city), ordered("annual", cast.city)
    seen = drafts.seen_head(None)
    assert f'name="seen" value="{seen}"' in client.get(PAGE).content.decode()
    assert write_head(client, seen=seen).status_code == 302
    late = write_head(client, number="9", seen=seen)
    assert late.status_code == 409
    page = late.content.decode()
    assert "他人已改为文号序号“7”、主送“各县（市、区）劳模协会”、成文日期“2024年12月20日”" in page
    assert 'name="number" value="9"' in page
    assert drafts.draft_of(order).number == 7
    now = drafts.seen_head(drafts.draft_of(order))
    assert f'name="seen" value="{now}"' in page
    assert write_head(client, number="9", seen=now).status_code == 302
    assert drafts.draft_of(order).number == 9


def test_a_head_that_cannot_be_kept_stays_on_the_page(ordered, cast, signed_in):
    answer = write_head(signed_in(cast.city), number="0", addressee="各单位")
    assert answer.status_code == 422
    assert "序号从1开始。" in answer.content.decode()
    assert 'value="各单位"' in answer.content.decode()
    assert not ReportDraft.objects.visible_to(cast.city).exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [("成效明显👍。", "字库中没有“👍”"), ("好" * 5001, "这一段有5001字，最多5000字")],
)
def test_words_that_cannot_be_printed_are_refused_and_not_lost(text, told, ordered, cast, signed_in):
    answer = edit(signed_in(cast.city), text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="refusal-six-ins">{told}' in page
    assert f">{text}</textarea>" in page
    assert not ReportEdit.objects.exists()
    if len(text) <= 5000:
        head = write_head(signed_in(cast.city), addressee=text)
        assert (head.status_code, told in head.content.decode()) == (422, True)


def test_marks_that_turn_or_hide_text_are_left_out(ordered, cast, signed_in):
    edit(signed_in(cast.city), "宣讲\u202e12场\u200b，\x07\ufeff受众多。")
    assert passage(ordered, cast).text == "宣讲12场，受众多。"


def freeze(client, **seen):
    return client.post(f"/reports/annual/freeze/?{QUERY}", {**seen, "sent": "1"})


def paper(client):
    return client.get(PAGE).context["seen_paper"]


@needs_pango
def test_nothing_is_frozen_that_its_reader_did_not_see(ordered, cast, signed_in):
    client = signed_in(cast.city)
    seen = paper(client)
    assert f'name="seen" value="{seen}"' in client.get(PAGE).content.decode()
    edit(client, "别人刚改写的一段话，未经核对。")
    answer = freeze(client, seen=seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "没有定稿：您打开本页以后，正文“" in page
    assert page.count("您打开本页后有变化") == 1
    assert "别人刚改写的一段话" in page
    assert not FrozenReport.objects.visible_to(cast.city).exists()
    assert freeze(client, seen=answer.context["seen_paper"]).status_code == 302
    assert FrozenReport.objects.visible_to(cast.city).count() == 1


@needs_pango
def test_a_changed_number_or_figure_stops_the_freezing(ordered, cast, signed_in):
    client = signed_in(cast.city)
    seen = paper(client)
    write_head(client)
    answer = freeze(client, seen=seen)
    assert (answer.status_code, "文号、主送、成文日期" in answer.content.decode()) == (409, True)
    seen = paper(client)
    makers.make_event(org=cast.dongtai, date=date(2024, 9, 1), audience=0)
    assert freeze(client, seen=seen).status_code == 409
    assert not FrozenReport.objects.visible_to(cast.city).exists()


@pytest.mark.parametrize("page", ["passage", "draft", "freeze"])
def test_a_form_that_says_nothing_of_what_was_seen_is_stale(page, ordered, cast, signed_in):
    """As with records: it answers 409 and keeps nothing."""
    client = signed_in(cast.city)
    edit(client, "甲写的话。")
    data = {"passage": {"key": "six-ins", "text": "乙写的话。"}, "draft": HEAD, "freeze": {}}[page]
    assert client.post(f"/reports/annual/{page}/?{QUERY}", data | {"seen": ""}).status_code == 409
    assert passage(ordered, cast).text == "甲写的话。"
    assert drafts.draft_of(ordered("annual", cast.city)).number is None
    assert not FrozenReport.objects.visible_to(cast.city).exists()
