"""Demo ten ones: which worker did which of the ten in which year, and which laureate led."""

from __future__ import annotations

from datetime import date

from actions.demo import MARK
from actions.demo.mentoring import master_of
from actions.demo.storing import store
from actions.demo.world import FIRST_DAY, World
from actions.models import HeadcountReturn, LeadKind, TenOne, TenOneItem, Worker
from mofu.accounts.models import Organization, OrganizationKind

WORKERS_A_YEAR = 200
COMPLETE_SHARE = 0.09
MONTHS_REPORTED = 3
# The items in which a laureate may have led, and how (programme.txt, action 5).
LEAD_OF_ITEM = {3: LeadKind.CLASS, 5: LeadKind.STORY, 6: LeadKind.APPRENTICES, 8: LeadKind.PROBLEM}


def make_ten_ones(world: World, workers: list[Worker]) -> None:
    """Make each year's participation; about one worker in eleven completes all ten."""
    items = list(TenOneItem.objects.order_by("number"))
    store([row for year in world.years for worker in _taking_part(world, workers, year)
           for row in _of_worker(world, worker, items, year)])  # fmt: skip


def _taking_part(world: World, workers: list[Worker], year: int) -> list[Worker]:
    return world.rng.sample(workers, min(len(workers), world.share_of(year, WORKERS_A_YEAR)))


def _of_worker(world: World, worker: Worker, items: list[TenOneItem], year: int) -> list[TenOne]:
    rng = world.rng
    many = len(items) if rng.random() < COMPLETE_SHARE else rng.randint(1, 9)
    return [_row(world, worker, item, year) for item in rng.sample(items, min(many, len(items)))]


def _row(world: World, worker: Worker, item: TenOneItem, year: int) -> TenOne:
    day = world.day(max(FIRST_DAY, date(year, 1, 5)), date(year, 12, 28))
    row = TenOne(worker=worker, item=item, year=year, done_on=day, org=worker.org, note=MARK)
    if item.number in LEAD_OF_ITEM and world.rng.random() < 0.5:
        row.led_by, row.lead_kind = master_of(world, worker), LEAD_OF_ITEM[item.number]
    world.settle(row, worker.org, day)
    return row


def make_headcounts(world: World) -> None:
    """Make the monthly returns of enterprises that report numbers only; one in each board, in the year that runs."""
    items = list(TenOneItem.objects.order_by("number"))
    year = world.today.year
    months = range(max(1, world.today.month - MONTHS_REPORTED), world.today.month)
    store([_headcount(world, unit, item, year, month) for unit in _reporting(world) for month in months
           for item in world.rng.sample(items, min(4, len(items)))])  # fmt: skip


def _reporting(world: World) -> list[Organization]:
    """Return one enterprise of each board that has one."""
    found = []
    for board in world.boards:
        units = [unit for unit in world.units[board.path] if unit.kind == OrganizationKind.ENTERPRISE]
        found += units[:1]
    return found


def _headcount(world: World, unit: Organization, item: TenOneItem, year: int, month: int) -> HeadcountReturn:
    row = HeadcountReturn(
        org=unit, item=item, year=year, month=month, people=world.rng.randint(8, 160), note=MARK
    )
    world.settle(row, unit, date(year, month, 28))
    return row
