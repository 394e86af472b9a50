"""Demo units: enterprises, institutions, villages and schools below the boards; unions and direct units beside them."""

from __future__ import annotations

from actions.demo import MARK
from actions.demo.names import BRANDS, INSTITUTIONS, ROADS, SCHOOLS, TRADES_OF_FIRMS, VILLAGES
from actions.demo.world import World
from mofu.accounts.models import Industry, IndustryChain, Organization, OrganizationKind

FIRMS_A_BOARD = 14
UNIONS = ("交通运输产业工会（演示）", "财贸产业工会（演示）", "机冶石化产业工会（演示）")
DIRECT_UNITS = ("市演示城建集团有限公司", "市演示港航集团有限公司")


def make_units(world: World) -> None:
    """Make the units; where one of that name exists below its parent, it is used."""
    for board in world.boards:
        world.units[board.path] = [_make(world, board, kind, name) for kind, name in _names(world, board)]
    world.unions = [_make(world, world.city, OrganizationKind.INDUSTRY_UNION, name) for name in UNIONS]
    for name in DIRECT_UNITS:
        unit = _make(world, world.city, OrganizationKind.DIRECT_UNIT, name)
        world.units[unit.path] = [unit]


def _names(world: World, board: Organization) -> list[tuple[str, str]]:
    """Return the kinds and names of a board's units."""
    rng, prefix = world.rng, str(board)
    firms = zip(rng.sample(BRANDS, FIRMS_A_BOARD), rng.sample(TRADES_OF_FIRMS, FIRMS_A_BOARD), strict=True)
    names = [(OrganizationKind.ENTERPRISE, f"{prefix}{brand}{trade}") for brand, trade in firms]
    names += [(OrganizationKind.INSTITUTION, f"{prefix}{name}") for name in rng.sample(INSTITUTIONS, 2)]
    names += [(OrganizationKind.VILLAGE, f"{prefix}{name}") for name in rng.sample(VILLAGES, 3)]
    return [*names, (OrganizationKind.SCHOOL, f"{prefix}{rng.choice(SCHOOLS)}")]


def _make(world: World, parent: Organization, kind: str, name: str) -> Organization:
    found = Organization.everything.filter(parent=parent, name=name).first()
    if found:
        return found
    unit = Organization(name=name, kind=kind, parent=parent, contact=MARK)
    unit.address = f"{parent}{world.rng.choice(ROADS)}{world.rng.randint(1, 299)}号"
    if kind == OrganizationKind.ENTERPRISE:
        unit.industry = world.rng.choice([None, *Industry.objects.all()])
        unit.chain = world.rng.choice([None, *IndustryChain.objects.all()])
    unit.save()
    return unit
