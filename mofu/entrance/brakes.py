"""Brakes on guessing passwords: by address and name, by address, over all; none by name alone (decision 017).

A brake by name alone would let anybody lock a leader out by failing his name on purpose. So a try counts for the pair
of address and name, for the address, and for everybody; a browser that signed in with the name before is counted by
itself only, whatever others do from the same address. Once many tries fail anywhere, an address gets next to none.
Tries are counted before the password is looked at and given back when it was right, so that simultaneous ones count.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mofu.accounts import trail
from mofu.accounts.addresses import network_of
from mofu.entrance.models import SignInBrake

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Brake:
    """So many failed tries are let through within ``window`` of the first; a refused one starts the window anew."""

    tries: int
    window: timedelta


PAIR = Brake(5, timedelta(minutes=15))
DEVICE = Brake(10, timedelta(minutes=15))
ADDRESS = Brake(20, timedelta(minutes=15))
ALL = Brake(40, timedelta(hours=1))
ADDRESS_IN_A_STORM = Brake(2, ADDRESS.window)  # while ALL is exhausted
EVERYBODY = "all"
_RENEWED_AFTER = timedelta(minutes=1)  # a refused try writes at most this often
_FORGOTTEN_AFTER = timedelta(days=1)
_WAIT = PAIR.window


@dataclass(frozen=True)
class Ticket:
    """A try that may look at the password: what was counted for it."""

    keys: tuple[str, ...]

    def give_back(self) -> None:
        """Take the try off all counts: the password was right."""
        SignInBrake.objects.filter(key__in=self.keys, tries__gt=0).update(tries=F("tries") - 1)


def wait_minutes() -> int:
    """Return after how many minutes a refused sign-in may be tried again."""
    return int(_WAIT.total_seconds() // 60)


def digest(name: str) -> str:
    """Return by what a name is counted: people type passwords into the field for names."""
    return salted_hmac("mofu.sign-in-name", name.strip().casefold(), algorithm="sha256").hexdigest()[:32]


def admit(address: str, name: str, *, device: str = "", now: datetime | None = None) -> Ticket | None:
    """Return a ticket for one look at the password, None when a brake refuses it.

    ``device`` is the id of a browser that signed in with ``name`` before, else empty.
    """
    now = now or timezone.now()
    brakes = _brakes(network_of(address), name, device)
    rows = {row.key: row for row in SignInBrake.objects.filter(key__in=brakes)}
    if refusing := _refusing(rows, brakes, now):
        _renew([rows[key] for key in refusing], now)
        return None
    return _counted(brakes, now)


def _brakes(address: str, name: str, device: str) -> dict[str, Brake]:
    if device:
        return {f"device:{device}:{digest(name)}": DEVICE}
    return {EVERYBODY: ALL, f"address:{address}": ADDRESS, f"pair:{address}:{digest(name)}": PAIR}


def _refusing(rows: dict[str, SignInBrake], brakes: dict[str, Brake], now: datetime) -> list[str]:
    """Return the keys that refuse another try; the count over all only does so together with an address."""
    used = {key: _tries(rows.get(key), brake, now) for key, brake in brakes.items()}
    storm = EVERYBODY in used and used[EVERYBODY] >= ALL.tries
    refusing = [
        key
        for key, brake in brakes.items()
        if key != EVERYBODY and used[key] >= _limit(key, brake, storm=storm)
    ]
    return [*refusing, EVERYBODY] if refusing and storm else refusing


def _limit(key: str, brake: Brake, *, storm: bool) -> int:
    return ADDRESS_IN_A_STORM.tries if storm and key.startswith("address:") else brake.tries


def _tries(row: SignInBrake | None, brake: Brake, now: datetime) -> int:
    return row.tries if row and row.since > now - brake.window else 0


def _renew(rows: list[SignInBrake], now: datetime) -> None:
    """Let the window of what refuses begin anew, so that going on trying never pays."""
    old = [row.pk for row in rows if row.since < now - _RENEWED_AFTER]
    if old:
        SignInBrake.objects.filter(pk__in=old).update(since=now)


def _counted(brakes: dict[str, Brake], now: datetime) -> Ticket | None:
    """Count a try under lock; None when tries at the same moment used up what was left."""
    with transaction.atomic():
        rows = {key: _locked(key, now) for key in sorted(brakes)}  # one order: no deadlock
        if _refusing(rows, brakes, now):
            return None
        for key, row in rows.items():
            row.tries = _tries(row, brakes[key], now) + 1
            row.since = row.since if row.tries > 1 else now
            row.save(update_fields=["tries", "since"])
    for key, row in rows.items():
        if row.tries == brakes[key].tries:
            _raise_alarm(key, brakes[key])
    return Ticket(tuple(rows))


def _locked(key: str, now: datetime) -> SignInBrake:
    row, made = SignInBrake.objects.get_or_create(key=key, defaults={"since": now})
    if made and row.pk % 100 == 0:
        SignInBrake.objects.filter(since__lt=now - _FORGOTTEN_AFTER).delete()
    return SignInBrake.objects.select_for_update().get(pk=row.pk)


def _raise_alarm(key: str, brake: Brake) -> None:
    """Tell log and trail that a brake takes hold, without the name that was typed."""
    minutes = int(brake.window.total_seconds() // 60)
    words = {
        EVERYBODY: "疑似密码喷洒：全系统",
        "address": "来源地址",
        "pair": "同一来源对同一账号",
        "device": "已知设备对同一账号",
    }[key.partition(":")[0]]
    reason = f"{words} {minutes} 分钟内登录失败 {brake.tries} 次，已限制继续尝试"
    log.warning("sign-in brake %s: %d failed tries within %d minutes", key, brake.tries, minutes)
    trail.record(trail.Action.ALARM, reason=reason)
