"""The laureates themselves: how many are in the register, and what they are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, CharField, Min, OuterRef, QuerySet, Subquery, Value, When

from actions.progress.indicator import indicator
from actions.progress.slices import cut
from actions.progress.within import Within
from models_app.models import Category, Honour, HonourLevel, Laureate, LaureateStatus, Sex
from mofu.accounts.models import Industry, IndustryChain

LAUREATES = "people.laureates"
BANDS = (
    ("a", "35岁及以下", 35),
    ("b", "36—45岁", 45),
    ("c", "46—55岁", 55),
    ("d", "56—65岁", 65),
    ("e", "66岁及以上", 999),
)


@indicator(LAUREATES, "在册劳模工匠", "人", "laureates", beside=True)
def laureates(within: Within) -> QuerySet:
    """Laureates who are alive, here and keep an honour."""
    return within.records(Laureate).in_good_standing()


def _highest_level(_: Within) -> Subquery:
    honours = Honour.objects.unscoped("honours of people already in scope").approved().in_force()
    mine = honours.filter(laureate=OuterRef("pk")).order_by().values("laureate")
    return Subquery(mine.annotate(level=Min("title__level")).values("level")[:1])


def _age_band(within: Within) -> Case:
    """The age reached in the year of the day that is shown; dates of birth are text that begins with the year."""
    year = within.as_of.year
    bands = [When(birth_date__gte=str(year - oldest), then=Value(key)) for key, _, oldest in BANDS[:-1]]
    oldest_band = Value(BANDS[-1][0])
    return Case(When(birth_date="", then=Value("")), *bands, default=oldest_band, output_field=CharField())


def _names(model: type[Industry | IndustryChain]) -> Mapping[str, str]:
    return {str(pk): name for pk, name in model.objects.order_by("sort", "pk").values_list("pk", "name")}


def industries() -> Mapping[str, str]:
    """Return the industries by key."""
    return _names(Industry)


def chains() -> Mapping[str, str]:
    """Return the industry chains by key."""
    return _names(IndustryChain)


CATEGORY = cut(LAUREATES, "category", "人员类别", lambda: dict(Category.choices))
STATUS = cut(LAUREATES, "status", "人员状态", lambda: dict(LaureateStatus.choices))
SEX = cut(LAUREATES, "sex", "性别", lambda: dict(Sex.choices))
INDUSTRY = cut(LAUREATES, "industry", "行业", industries)
CHAIN = cut(LAUREATES, "chain", "产业链", chains)
LEVEL = cut(LAUREATES, "level", "最高荣誉级别", lambda: dict(HonourLevel.choices), _highest_level)
AGE = cut(LAUREATES, "age", "年龄段", lambda: {key: name for key, name, _ in BANDS}, _age_band)
