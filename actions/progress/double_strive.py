"""践行“双争”行动: workers' “十个一” and how laureates lead (programme.txt, action 5)."""

from django.db.models import Aggregate, CharField, Count, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat, LPad

from actions.models import LeadKind, TenOne, TenOneMonth, TenOneYear, UnitYear, Worker
from actions.models.ten_one_summary import Yearly
from actions.progress.indicator import Rows, Source, Tally, indicator
from actions.progress.within import Within
from models_app.models import Laureate
from mofu.accounts.models.organization import BOARD_DEPTH, STEP

ITEMS = range(1, 11)
ITEM_LABELS = (
    "参加学历提升", "参加技能竞赛", "参加技术培训", "参加五小活动", "听劳模宣讲",
    "拜名师", "学一门技术", "开展技术攻关", "写生产日记", "制岗位提升计划",
)  # fmt: skip
_WHY = "what a worker did is told by the worker's own record"


def _done(within: Within) -> QuerySet:
    return _in_span(within, within.known(TenOne.objects.unscoped(_WHY)).approved().dated(within.period))


def _in_span(within: Within, rows: QuerySet) -> QuerySet:
    """Leave out what was done after a span that ends within a year; what has no day counts in every part of its year."""
    return rows if within.period.whole_years else rows.exclude(done_on__gt=within.period.end)


def _of_units(within: Within, measure: Aggregate) -> Source | None:
    """Distinct workers are kept by year; over several years or a part they can only be counted from the records."""
    if within.period.start.year != within.period.end.year or not within.period.whole_years:
        return None
    return Source(_kept(within, UnitYear), measure, "org__path", None)


def _kept(within: Within, summary: type[Yearly]) -> QuerySet:
    return summary.objects.visible_to(within.user).at_home(within.path).dated(within.period)


def _participants(within: Within) -> Source | None:
    return _of_units(within, Sum("participants"))


def _complete(within: Within) -> Source | None:
    return _of_units(within, Sum("complete"))


@indicator("double_strive.participants", "参加“十个一”职工", "人", "workers", tally=_participants)
def participants(within: Within) -> QuerySet:
    """Distinct workers with at least one of the ten in the period."""
    return within.records(Worker).filter(pk__in=_done(within).values("worker"))


def _item(number: int) -> Rows:
    def rows(within: Within) -> QuerySet:
        return _in_span(within, within.dated(TenOne).of_item(number))

    rows.__doc__ = f"“十个一” records of item {number}."
    return rows


def _item_tally(number: int) -> Tally:
    month = Concat(Cast("year", CharField()), Value("-"), LPad(Cast("month", CharField()), 2, Value("0")))

    def source(within: Within) -> Source | None:
        if len(within.reach) > STEP * BOARD_DEPTH or not within.period.is_of_months:
            return None  # months are kept by board; a single unit's records are few
        if within.reach and not within.period.whole_years:
            return None  # of units below a board whole years are kept
        by_board = _kept(within, TenOneMonth).filter(item__number=number)
        months = Source(by_board, Sum("people"), "board__path", month)
        if not within.reach:
            return months
        by_unit = _kept(within, TenOneYear).filter(item__number=number)
        return Source(by_unit, Sum("people"), "org__path", None, months)

    return source


for _number, _label in zip(ITEMS, ITEM_LABELS, strict=True):
    indicator(
        f"double_strive.item_{_number}",
        f"十个一：{_label}",
        "人",
        "ten-ones",
        dated="done_on",
        tally=_item_tally(_number),
    )(_item(_number))


@indicator("double_strive.complete", "十项全部完成职工", "人", "workers", tally=_complete)
def complete(within: Within) -> QuerySet:
    """Workers who did all ten in the period."""
    all_ten = (
        _done(within)
        .order_by()
        .values("worker")
        .annotate(items=Count("item", distinct=True))
        .filter(items=10)
    )
    return within.records(Worker).filter(pk__in=all_ten.values("worker"))


def _leading(kind: LeadKind) -> Rows:
    def rows(within: Within) -> QuerySet:
        led = _done(within).led(kind)
        return within.records(Laureate).filter(pk__in=led.values("led_by"))

    rows.__doc__ = f"Distinct laureates who led workers by {kind.label}."
    return rows


for _kind in LeadKind:
    indicator(
        f"double_strive.lead_{_kind.value}",
        f"劳模引领：{_kind.label}",
        "人",
        "laureates",
    )(_leading(_kind))
