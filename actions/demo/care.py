"""Demo care files: of some who agreed to it separately; a part of them is in hardship."""

from __future__ import annotations

from actions.demo.consents import consent_of
from actions.demo.storing import store
from actions.demo.world import World
from models_app.models import CareFile, Consent, ConsentPurpose, Hardship, Health

_SHARE, _IN_HARDSHIP = 0.2, 0.3
_ILLNESSES = {Health.CHRONIC: "高血压，长期服药", Health.SERIOUS: "术后康复，定期复查"}
_HARDSHIPS = {
    Hardship.ILLNESS: "家属长期住院",
    Hardship.LOW_INCOME: "仅靠养老金生活",
    Hardship.STUDY: "两个孩子在读大学",
}
_BANKS = ("中国工商银行盐城分行", "中国农业银行盐城分行", "江苏银行盐城分行")


def make_care_files(world: World) -> None:
    """Make the separate consents first, then the files; made last, so that all other records stay as they are."""
    people = [person for person in world.counted() if world.rng.random() < _SHARE]
    consents = [consent_of(world, person, ConsentPurpose.SENSITIVE) for person in people]
    files = [_of(world, consent) for consent in consents]
    for record in [*consents, *files]:
        world.settle(record, record.laureate.org)
    store(consents)
    store(files)


def _of(world: World, consent: Consent) -> CareFile:
    health = world.rng.choice((Health.GOOD, Health.GOOD, Health.FAIR, *_ILLNESSES))
    needy = world.rng.random() < _IN_HARDSHIP
    hardship = world.rng.choice(list(_HARDSHIPS)) if needy else Hardship.NONE
    return CareFile(
        laureate=consent.laureate,
        assessed_on=consent.agreed_on,
        health=health,
        illness=_ILLNESSES.get(health, ""),
        hardship=hardship,
        hardship_note=_HARDSHIPS.get(hardship, ""),
        bank_name=world.rng.choice(_BANKS),
        bank_account=f"6228480{world.rng.randrange(10**12):012d}",
    )
