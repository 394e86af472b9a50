"""Reference data: complete, true to its source, safe to load again."""

from __future__ import annotations

import json
from datetime import date

import pytest

from actions.models import Campaign, Measure, ServiceType, Target, Task, Team, TenOneItem
from actions.progress.indicator import INDICATORS
from actions.reference import load_reference
from models_app.models import HonourTitle, LaureateStatus, PoliticalStatus
from mofu.accounts.models import IndustryChain, Organization

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def reference(settings):
    return json.loads((settings.BASE_DIR / "fixtures" / "reference.json").read_text("utf-8"))


def counts():
    models = (
        Organization,
        HonourTitle,
        IndustryChain,
        Campaign,
        Measure,
        Target,
        Task,
        Team,
        TenOneItem,
        ServiceType,
    )
    return {model.__name__: model._default_manager.count() for model in models}


def test_everything_named_in_the_programme_is_there():
    load_reference(TODAY)
    assert counts() == {
        "Organization": 12, "HonourTitle": 24, "IndustryChain": 12, "Campaign": 5, "Measure": 19, "Target": 11,
        "Task": 60, "Team": 5, "TenOneItem": 10, "ServiceType": 9,
    }  # fmt: skip


def test_loading_again_adds_nothing_and_keeps_edits():
    load_reference(TODAY)
    target = Target.everything.get(indicator="mentoring.studios")
    target.value = 1200
    target.save()
    before = counts()
    assert not load_reference(TODAY)
    assert counts() == before
    target.refresh_from_db()
    assert target.value == 1200


def test_eleven_boards_with_the_codes_of_the_reference(reference):
    load_reference(TODAY)
    expected = {item["code"]: item["name"] for item in reference["divisions"]["items"]}
    expected |= {item["org_code"]: item["name"] for item in reference["functional_areas"]["items"]}
    assert dict(Organization.everything.boards().values_list("code", "name")) == expected


def test_every_year_up_to_the_present_has_its_twenty_tasks():
    load_reference(TODAY)
    for year in (2024, 2025, 2026):
        tasks = Task.everything.in_year(year)
        assert (tasks.filter(group="main").count(), tasks.filter(group="support").count()) == (10, 10)
    assert Task.everything.get(year=2025, group="main", number=2).deadline == date(2025, 12, 31)
    assert Task.everything.get(year=2025, group="main", number=8).deadline is None


def test_targets_are_those_of_indicators_that_exist_and_name_their_source():
    load_reference(TODAY)
    targets = {target.indicator: target for target in Target.everything.all()}
    assert set(targets) <= set(INDICATORS)
    assert all(target.source for target in targets.values())
    assert {code: (t.comparator, int(t.value), t.period) for code, t in targets.items()} == {
        "six_ins.speakers": ("=", 50, "year"),
        "six_ins.sessions": ("≥", 2, "month"),
        "assist.laureates": ("≥", 100, "year"),
        "assist.enterprises": ("≥", 100, "year"),
        "mentoring.studios": ("≥", 1000, "programme"),
        "mentoring.studios_new_quality": ("≥", 50, "programme"),
        "mentoring.studios_association": ("≥", 200, "programme"),
        "craftsmen.academies": ("=", 20, "year"),
        "craftsmen.trained": ("≈", 100, "year"),
        "craftsmen.nominated_js51": ("=", 60, "year"),
        "double_ten.done": ("=", 20, "year"),
    }


def test_closed_lists_agree_with_the_reference(reference):
    assert set(LaureateStatus.values) == {item["code"] for item in reference["person_status"]["items"]}
    assert PoliticalStatus.choices == [tuple(item) for item in reference["political_status"]["items"]]


def test_six_ins_measures_are_the_six_destinations():
    load_reference(TODAY)
    codes = Measure.objects.filter(campaign__code="six-ins").values_list("code", flat=True)
    assert list(codes) == ["enterprise", "workshop", "team", "site", "village", "online"]
