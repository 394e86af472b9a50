"""Who could help: laureates proposed for an enterprise's need, by specialty, chain, industry and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from actions.models import Assistance
from models_app.models import Laureate, LaureateStatus
from mofu.accounts.models import User
from mofu.accounts.scope import SystemActor

PROPOSALS = 3  # a need
_CANDIDATES = 3000  # read at once; nearer ones first
_POINTS = {"specialty": 5, "chain": 3, "industry": 2, "place": 2, "active": 1}
_SEPARATORS = re.compile(r"[、，,;；/\s]+")
_SHORTEST = 2  # characters of a specialty that says something


@dataclass(frozen=True)
class Proposal:
    """A laureate for a need, with the reasons in words, the strongest first."""

    laureate: Laureate
    points: int
    reasons: tuple[str, ...]


def propose(needs: Sequence[Assistance], user: User | SystemActor) -> dict[int, list[Proposal]]:
    """Return up to three laureates for each need (``enterprise`` and its unit loaded), by the need's key; two queries."""
    people = _candidates(needs, user)
    found = {}
    for need in needs:
        weighed = [proposal for person in people if (proposal := _weigh(need, person))]
        found[need.pk] = sorted(weighed, key=lambda one: (-one.points, one.laureate.name_key))[:PROPOSALS]
    return found


def _candidates(needs: Sequence[Assistance], user: User | SystemActor) -> list[Laureate]:
    """Return living laureates in work who share specialty, chain, industry or board with one of the needs."""
    sight = Laureate.objects.visible_to(user).approved().in_good_standing()
    sight = sight.exclude(status=LaureateStatus.LOST_TOUCH)
    texts = sight.exclude(specialties="").order_by().values_list("specialties", flat=True).distinct()
    fitting = [text for text in texts if any(_fits(text, need.need) for need in needs)]
    units = [need.enterprise for need in needs]
    near = Q(specialties__in=fitting[:500])
    near |= Q(chain__in={unit.chain_id for unit in units if unit.chain_id})
    near |= Q(industry__in={unit.industry_id for unit in units if unit.industry_id})
    return list(sight.filter(near).select_related("org").order_by("-skill_level", "pk")[:_CANDIDATES])


def _weigh(need: Assistance, person: Laureate) -> Proposal | None:
    unit = need.enterprise
    specialty = _fits(person.specialties, need.need)
    reasons = [
        ("specialty", f"专长“{specialty}”" if specialty else ""),
        ("chain", "同产业链" if unit.chain_id and person.chain_id == unit.chain_id else ""),
        ("industry", "同行业" if unit.industry_id and person.industry_id == unit.industry_id else ""),
        ("place", "同板块" if person.org.board_path == unit.board_path else ""),
        ("active", "在职" if person.status == LaureateStatus.IN_SERVICE else ""),
    ]
    told = [(code, words) for code, words in reasons if words]
    if not any(code in ("specialty", "chain", "industry") for code, _ in told):
        return None
    return Proposal(person, sum(_POINTS[code] for code, _ in told), tuple(words for _, words in told))


def _fits(specialties: str, need: str) -> str:
    """Return the first of a person's specialties that the need's words contain, empty for none."""
    words = (word for word in _SEPARATORS.split(specialties) if len(word) >= _SHORTEST)
    return next((word for word in words if word in need), "")
