"""Who asks and from where: the roles of the matrix and the places of a record, seen from each of them."""

from __future__ import annotations

from dataclasses import dataclass

from mofu.accounts.models import OrganizationKind, Role

# The tree: 城 > 东 (a county) > 甲, 乙 (enterprises), 甲 > 间 (a branch); 城 > 射 (another county) > 丙 (an enterprise).
PARENTS = {"城": None, "东": "城", "射": "城", "甲": "东", "乙": "东", "间": "甲", "丙": "射"}
KINDS = {"城": OrganizationKind.CITY, "东": OrganizationKind.COUNTY, "射": OrganizationKind.COUNTY}


def above(node):
    """Return the units from ``node`` up to the city."""
    return [] if node is None else [node, *above(PARENTS[node])]


def below(node):
    """Return ``node`` and all units under it."""
    return [other for other in PARENTS if node in above(other)]


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: role and unit; the places are units as seen from theirs."""

    name: str
    role: str
    unit: str
    places: dict[str, str]

    @property
    def sees(self):
        """The units whose records they see."""
        return below(self.unit) if self.role else []

    def __hash__(self):
        return hash(self.name)


_ENTERPRISE = {"own": "甲", "child": "间", "sibling": "乙", "parent": "东", "unrelated": "丙"}
_COUNTY = {"own": "东", "child": "甲", "sibling": "射", "parent": "城", "unrelated": "丙"}
_CITY = {"own": "城", "child": "东", "grandchild": "丙"}  # nothing lies beside or above the city

PERSONAS = {
    found.name: found
    for found in (
        Persona("anonymous", "", "东", _COUNTY),
        Persona("enterprise clerk", Role.COUNTY, "甲", _ENTERPRISE),
        Persona("county clerk", Role.COUNTY, "东", _COUNTY),
        Persona("county leader", Role.LEADER, "东", _COUNTY),
        Persona("county admin", Role.ADMIN, "东", _COUNTY),
        Persona("city staff", Role.CITY, "城", _CITY),
        Persona("city leader", Role.LEADER, "城", _CITY),
        Persona("auditor", Role.AUDITOR, "城", _CITY),
        Persona("city admin", Role.ADMIN, "城", _CITY),
    )
}
SIGNED_IN = frozenset(name for name in PERSONAS if name != "anonymous")

# Said again here on purpose, apart from policy.py: a right given away there by mistake is a surprise here.
EVERYBODY = frozenset(PERSONAS)
SEE = SIGNED_IN - {"auditor"}
ENTER = frozenset({"enterprise clerk", "county clerk", "city staff"})
ENTER_CITY = REVIEW = frozenset({"city staff"})
EXPORT = ENTER | {"county leader", "city leader"}
REVEAL = ENTER
CARE = frozenset({"county clerk", "city staff"})  # named for it; the enterprise clerk is not
PAYS = frozenset({"city staff"})  # takes accounts and reasons of hardship out in full
SEE_PEOPLE = EXPORT  # photos, masked numbers
TRAIL = frozenset({"auditor", "city admin"})
ADMINISTER = frozenset({"county admin", "city admin"})
MAINTAIN = frozenset({"city admin"})
