"""Demo consents: most laureates agreed when the notice was handed out, a few withdrew what concerns publicity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from actions.demo import MARK
from actions.demo.storing import store
from actions.demo.world import World
from models_app.models import Consent, ConsentPurpose, Laureate

VERSION = "2026年1月版"
_SHARES = {ConsentPurpose.ARCHIVE: 0.8, ConsentPurpose.CARE: 0.6, ConsentPurpose.PUBLICITY: 0.5}
_WITHDRAWN = 0.08  # of the consents to publicity


def make_consents(world: World) -> None:
    """Make consents of laureates who take part in things; made last, so that all other records stay as they are."""
    consents = [consent for person in world.counted() for consent in _of(world, person)]
    for consent in consents:
        world.settle(consent, consent.laureate.org)
    store(consents)


def consent_of(world: World, person: Laureate, purpose: ConsentPurpose) -> Consent:
    """Return the consent of a person to a purpose, given some months ago."""
    day = world.today - timedelta(days=world.rng.randint(20, 200))
    return Consent(laureate=person, purpose=purpose, notice_version=VERSION, agreed_on=day, note=MARK)


def _of(world: World, person: Laureate) -> Iterator[Consent]:
    for purpose, share in _SHARES.items():
        if world.rng.random() < share:
            consent = consent_of(world, person, purpose)
            if purpose == ConsentPurpose.PUBLICITY and world.rng.random() < _WITHDRAWN:
                consent.withdrawn_on = consent.agreed_on + timedelta(days=10)
            yield consent
