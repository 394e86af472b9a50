"""Reference data: units, dictionaries, the programme's actions, targets and tasks.

What is missing is added, what is there stays as the association has edited it; what could not be sourced
(``confidence: not_found`` in ``fixtures/reference.json``) stays empty.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction

from actions import programme_text as text
from actions.models import (
    Campaign,
    Measure,
    ProgrammeSettings,
    ServiceType,
    Target,
    Task,
    TaskGroup,
    Team,
    TeamKind,
    TenOneItem,
)
from models_app.models import HonourTitle
from mofu.accounts.models import Industry, IndustryChain, Organization, OrganizationKind

CITY_NAME, CITY_SHORT_NAME = "盐城市总工会（市劳模协会）", "市劳模协会"
# 产业系统分类: no list of the city's own was found; editable in the administration.
INDUSTRIES = ("教科文卫体", "财贸", "建设交通", "机冶石化", "农林水", "邮电", "机关")
TEAMS = (
    (TeamKind.LECTURE, "盐城劳模工匠宣讲服务团"),
    (TeamKind.TECHNICAL, "劳模工匠技术服务队"),
    (TeamKind.CRAFT, "匠心志愿服务团"),
    (TeamKind.WARMTH, "暖心志愿服务团"),
    (TeamKind.UNITY, "凝心志愿服务团"),
)
_FULL_WIDTH = str.maketrans("(),", "（），")


class Loader:
    """Adds what is missing and counts it by kind of record."""

    def __init__(self) -> None:
        self.added: Counter[str] = Counter()

    def ensure[M: models.Model](self, model: type[M], lookup: dict[str, Any], **values: Any) -> M:
        """Return the record found by ``lookup``, made from ``lookup`` and ``values`` when missing."""
        found = model._default_manager.filter(**lookup).first()
        if found is None:
            found = model(**lookup, **values)
            found.save()
            self.added[str(model._meta.verbose_name)] += 1
        return found


def load_reference(today: date) -> Counter[str]:
    """Load all reference data in one transaction; return what was added, by Chinese name of the record type.

    The task list is made for each year from 2024 to the year of ``today``.
    """
    data = json.loads((settings.BASE_DIR / "fixtures" / "reference.json").read_text("utf-8"))
    loader = Loader()
    with transaction.atomic():
        city = _units(loader, data)
        _dictionaries(loader, data)
        _campaigns(loader)
        _targets(loader, city)
        for year in range(text.FIRST_YEAR, today.year + 1):
            _tasks(loader, city, year)
        for kind, name in TEAMS:
            loader.ensure(Team, {"name": name}, kind=kind, org=city)
        loader.ensure(ProgrammeSettings, {})
    return loader.added


def _units(loader: Loader, data: dict[str, Any]) -> Organization:
    """Add the city and its 11 boards; the two zones have codes of our own (no GB/T 2260 code exists)."""
    code = data["divisions"]["city"]["code"]
    values = {"name": CITY_NAME, "short_name": CITY_SHORT_NAME, "sort": 0}
    city = loader.ensure(Organization, {"code": code}, kind=OrganizationKind.CITY, **values)
    for item in data["divisions"]["items"]:
        values = {"name": item["name"], "kind": OrganizationKind.COUNTY, "sort": item["sort"]}
        loader.ensure(Organization, {"code": item["code"]}, parent=city, **values)
    for sort, item in enumerate(data["functional_areas"]["items"], start=10):
        values = {
            "name": item["name"],
            "short_name": item["short"],
            "kind": OrganizationKind.ZONE,
            "sort": sort,
        }
        loader.ensure(Organization, {"code": item["org_code"]}, parent=city, **values)
    return city


def _dictionaries(loader: Loader, data: dict[str, Any]) -> None:
    for sort, name in enumerate(INDUSTRIES, start=1):
        loader.ensure(Industry, {"name": name}, sort=sort)
    _chains(loader, data["industry_chains_23"]["tiers"])
    for sort, item in enumerate(data["honours"]["items"], start=1):
        _honour_title(loader, item, sort)
    for item in data["ten_ones"]["items"]:
        loader.ensure(TenOneItem, {"number": item["no"]}, name=item["name"], sort=item["no"])
    assist = next(item for item in data["five_actions"]["items"] if item["code"] == "A2")
    for sort, name in enumerate(assist["service_types"], start=1):
        loader.ensure(ServiceType, {"name": name}, sort=sort)


def _chains(loader: Loader, tiers: list[dict[str, Any]]) -> None:
    """Add the known chains of the 23; the other 11 were not found and are left to be entered."""
    codes = {label: value for value, label in IndustryChain.Tier.choices}
    sort = 0
    for tier in tiers:
        for name in tier["known"]:
            sort += 1
            loader.ensure(IndustryChain, {"name": name}, tier=codes[tier["tier"]], sort=sort)


def _honour_title(loader: Loader, item: dict[str, Any], sort: int) -> None:
    loader.ensure(
        HonourTitle,
        {"code": item["code"]},
        name=item["name"].translate(_FULL_WIDTH),
        level=item["level"],
        kind=item["kind"],
        granting_body=item.get("granted_by", "").translate(_FULL_WIDTH),
        for_whom=item.get("for", ""),
        sort=sort,
    )


def _campaigns(loader: Loader) -> None:
    for sort, campaign in enumerate(text.CAMPAIGNS, start=1):
        values = {"alt_title": campaign.alt_title, "slogan": campaign.slogan, "summary": campaign.summary}
        found = loader.ensure(Campaign, {"code": campaign.code}, title=campaign.title, sort=sort, **values)
        for place, measure in enumerate(campaign.measures, start=1):
            fields = {"name": measure.name, "verb": measure.verb, "description": measure.description}
            loader.ensure(Measure, {"code": measure.code}, campaign=found, sort=place, **fields)


def _targets(loader: Loader, city: Organization) -> None:
    """Add the city's targets, binding in every year of the programme; a unit's own and yearly ones are entered."""
    for target in text.TARGETS:
        if Target.everything.filter(org=city, indicator=target.indicator).exists():
            continue  # the association has set its own, for single years perhaps
        values = {name: value for name, value in target._asdict().items() if name != "indicator"}
        loader.ensure(Target, {"org": city, "indicator": target.indicator, "year": None}, **values)


def _tasks(loader: Loader, city: Organization, year: int) -> None:
    for group, tasks in ((TaskGroup.MAIN, text.TEN_TASKS), (TaskGroup.SUPPORT, text.TEN_ASSISTS)):
        for number, task in enumerate(tasks, start=1):
            values: dict[str, Any] = {
                "name": task.name,
                "original": task.original,
                "owner": text.TASK_OWNER,
                "org": city,
            }
            if task.this_year:
                values["deadline"] = date(year, 12, 31)
            if group == TaskGroup.MAIN and number == text.ASSOCIATION_STUDIOS_TASK:
                values |= {"indicator": "mentoring.studios_association", "target_value": Decimal(200)}
            loader.ensure(Task, {"group": group, "number": number, "year": year}, **values)
