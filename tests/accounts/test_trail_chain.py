"""The trail is append-only in the database, and whatever is done to it past the triggers is found."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mofu.accounts import trail, trail_blocks, trail_guard, trail_seal, trail_verifying
from mofu.accounts.context import Acting, acting
from mofu.accounts.models import TrailBlock, TrailEntry
from mofu.accounts.trail_verifying import DamagedError, verify
from mofu.registers import trail_archive
from tests.conftest import unguarded
from tests.makers import make_laureate

ENTRIES, BLOCKS = trail_guard.ENTRIES, trail_guard.BLOCKS
COLUMNS = [*trail_seal.FIXED, *trail_seal.OWN, "seal", "id"]


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def guard_is_asked_elsewhere(monkeypatch):
    """What the triggers refuse and that their absence is noticed have tests of their own."""
    monkeypatch.setattr(trail_verifying, "_require_guard", lambda: None)


@pytest.fixture
def entries(cast, monkeypatch):
    """Thirty entries in blocks of ten, three more open."""
    monkeypatch.setattr(trail_blocks, "LARGEST", 10)
    trail_blocks.close_open()
    before = TrailEntry.objects.count()
    with acting(Acting(user=cast.city, ip="10.0.0.1", request_id="r" * 32)):
        people = [make_laureate(org=cast.dongtai, name=f"赵{number}") for number in range(20)]
        trail.record_many(trail.Action.EXPORTED, people[:10], reason="名册")
    trail_blocks.close_open()
    with acting(Acting(user=cast.county, ip="10.0.0.2", request_id="s" * 32)):
        trail.record_many(trail.Action.EXPORTED, people[:3], reason="名册")
    return list(TrailEntry.objects.order_by("pk")[before:])


@pytest.mark.parametrize("sql", [
    f"update {ENTRIES} set reason = 'x'",
    f"update {ENTRIES} set ip = '' where id = -1 or true",
    f"delete from {ENTRIES}",
    f"delete from {ENTRIES} where id in (select max(id) from {ENTRIES})",
    f"update {BLOCKS} set count = 0",
    f"delete from {BLOCKS}",
])  # fmt: skip
def test_the_database_refuses_to_alter_the_trail(sql, entries):
    before = list(TrailEntry.objects.values()), list(TrailBlock.objects.values())
    with pytest.raises(DatabaseError):
        run(sql)
    assert before == (list(TrailEntry.objects.values()), list(TrailBlock.objects.values()))


@pytest.mark.parametrize("table", [ENTRIES, BLOCKS])
def test_the_database_refuses_to_empty_or_replace(table, entries):
    if connection.vendor == "postgresql":
        sql = f"truncate {table}"
    else:
        columns = ", ".join(field.column for field in TrailEntry._meta.fields)
        columns = columns if table == ENTRIES else "id, first, last, count, digest, sealed_at"
        sql = f"insert or replace into {table} ({columns}) select {columns} from {table}"
    with pytest.raises(DatabaseError):
        run(sql)


def test_a_sound_trail_is_found_sound(entries, capsys):
    call_command("verify_trail")
    told = capsys.readouterr().out
    assert f"共 {TrailEntry.objects.count()} 条" in told
    assert "其中 3 条尚未封存" in told


@pytest.mark.parametrize("place", [0, 17, -1], ids=["first block", "second block", "open"])
@pytest.mark.parametrize("column", COLUMNS)
def test_one_changed_byte_is_found_and_named(column, place, entries, guard_is_asked_elsewhere):
    if (column, place) == ("id", -1):
        pytest.skip("an open entry has no place yet")
    victim = entries[place]
    unguarded()
    value = getattr(victim, column)
    changed = {
        "at": lambda: value + timedelta(microseconds=1),
        "actor_id": lambda: None,
        "id": lambda: 10**6,
        "seal": lambda: value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1],
    }.get(column, lambda: (value[:-1] if value else "") + "~")()
    TrailEntry.objects.filter(pk=victim.pk).update(**{column: changed})
    with pytest.raises(DamagedError) as found:
        verify()
    if column == "id":
        assert f"第 {TrailBlock.objects.get(first__lte=victim.pk, last__gte=victim.pk).first}—" in str(
            found.value
        )
    else:
        assert f"第 {victim.pk} 条留痕" in str(found.value)


def removed(entries):
    TrailEntry.objects.filter(pk=entries[12].pk).delete()
    return entries[12].pk, "被删除"


def added(entries):
    """An entry of the same person, taken over with its seal, into a gap."""
    gap = entries[12]
    TrailEntry.objects.filter(pk=gap.pk).delete()
    gap.pk, gap.seal = entries[12].pk, entries[11].seal
    copy = {name: getattr(entries[11], name) for name in (*trail_seal.FIXED, *trail_seal.OWN, "seal")}
    TrailEntry.objects.create(pk=entries[12].pk, **copy)
    return entries[12].pk, "校验值不符"


def swapped(entries):
    names = (*trail_seal.FIXED, *trail_seal.OWN, "seal")
    one, other = entries[11], entries[12]
    TrailEntry.objects.filter(pk=one.pk).update(**{name: getattr(other, name) for name in names})
    TrailEntry.objects.filter(pk=other.pk).update(**{name: getattr(one, name) for name in names})
    return one.pk, "校验值不符"


@pytest.mark.parametrize("deed", [removed, added, swapped])
def test_what_was_removed_added_or_swapped_is_found_in_its_block(deed, entries, guard_is_asked_elsewhere):
    unguarded()
    pk, words = deed(entries)
    block = TrailBlock.objects.get(first__lte=pk, last__gte=pk)
    with pytest.raises(DamagedError, match=words) as found:
        verify()
    assert f"第 {block.first}—{block.last} 条" in str(found.value)


def test_a_missing_block_is_found(entries, guard_is_asked_elsewhere):
    unguarded()
    gone = TrailBlock.objects.order_by("-pk")[1]
    TrailBlock.objects.filter(pk=gone.pk).delete()
    with pytest.raises(DamagedError, match="封存块缺失"):
        verify()


def test_an_end_cut_off_is_found_with_the_digest_noted_elsewhere(entries, guard_is_asked_elsewhere):
    head = verify().head
    unguarded()
    last = trail_blocks.newest()
    TrailEntry.objects.filter(pk__gte=last.first).delete()
    TrailBlock.objects.filter(pk=last.pk).delete()
    verify()
    with pytest.raises(DamagedError, match="另行保存的校验值"):
        verify(head)


def test_missing_triggers_are_found(entries):
    unguarded()
    with pytest.raises(CommandError, match="触发器"):
        call_command("verify_trail")


ALTERED = {
    "sqlite": [
        f"drop trigger trail_kept; create trigger trail_kept before delete on {ENTRIES} when false begin select 1; end",
        f"drop trigger trail_unaltered; create trigger trail_unaltered before update of ip on {ENTRIES} when true "
        "begin select raise(abort, 'the trail is append-only'); end",
    ],
    "postgresql": [
        "create or replace function trail_refuse() returns trigger language plpgsql as $$ begin return null; end $$",
        f"drop trigger trail_unaltered on {ENTRIES}; create trigger trail_unaltered before update on {ENTRIES} "
        f"for each statement execute function trail_refuse(); alter table {ENTRIES} enable always trigger trail_unaltered",
        f"alter table {ENTRIES} enable replica trigger trail_kept",
        f"alter table {BLOCKS} enable trigger trail_blocks_unaltered",
        "alter function trail_keep() set search_path = elsewhere",
    ],
}


@pytest.mark.parametrize("number", range(5))
def test_altered_triggers_are_found(db, number):
    if number >= len(ALTERED[connection.vendor]):
        pytest.skip("this engine has fewer ways")
    verify()
    with connection.cursor() as cursor:
        for statement in re.split(r"; (?=create|alter)", ALTERED[connection.vendor][number]):
            cursor.execute(statement)
    with pytest.raises(CommandError, match=r"触发器.*被改动：trail_"):
        call_command("verify_trail")
    trail_guard.install()
    verify()


def test_entries_sealed_with_an_older_key_stay_verifiable_while_it_is_listed(entries, settings):
    old = dict(configured.FIELD_KEYS)
    settings.FIELD_KEYS = {"new": b"n" * 32, **old}
    make_laureate()
    trail_blocks.close_open()
    assert trail_blocks.newest().digest.startswith("new:")
    assert verify().open == 0
    settings.FIELD_KEYS = {"new": b"n" * 32}
    with pytest.raises(DamagedError, match="密钥“dev”"):
        verify()


def test_signing_in_closes_what_is_an_hour_old(cast, signed_in):
    signed_in(cast.city)
    closed = trail_blocks.newest()
    assert closed.last == trail.last_entry()
    signed_in(cast.county)
    assert trail_blocks.newest() == closed


def test_a_sign_in_closes_only_so_much(cast, signed_in, monkeypatch):
    monkeypatch.setattr(trail_blocks, "LARGEST", 2)
    trail.record_many(trail.Action.EXPORTED, [cast.city] * 20)
    signed_in(cast.city)
    assert TrailBlock.objects.count() == trail_blocks.AT_SIGN_IN
    trail_blocks.close_open()
    assert verify().open == 0


# retention -----------------------------------------------------------------------------------------------


def aged(monkeypatch, days, count=12):
    """Write entries as they were written ``days`` ago."""
    moment = timezone.now() - timedelta(days=days)
    with monkeypatch.context() as then:
        then.setattr(trail.timezone, "now", lambda: moment)
        for number in range(count):
            trail.record(trail.Action.EXPORTED, reason=f"{days} 天前 {number}")


@pytest.fixture
def old_trail(db, monkeypatch):
    """Twelve entries older than the retention, twelve older than the law asks for, twelve young ones."""
    monkeypatch.setattr(trail_blocks, "LARGEST", 6)
    for days in (800, 300, 10):
        aged(monkeypatch, days)
    trail_blocks.close_open()


def test_young_entries_cannot_be_deleted_and_old_ones_only_oldest_first(old_trail):
    keys = list(TrailEntry.objects.order_by("pk").values_list("pk", flat=True))
    for wanted in (keys[30:31], keys[5:6], keys):
        with pytest.raises(DatabaseError):
            run(f"delete from {ENTRIES} where id in ({', '.join(map(str, wanted))})")
    assert TrailEntry.objects.count() == 36
    run(f"delete from {ENTRIES} where id in ({', '.join(map(str, keys[:3]))})")
    assert TrailEntry.objects.count() == 33


def test_trimming_archives_what_it_removes_and_the_chain_goes_on(old_trail, tmp_path, capsys):
    kept = list(TrailEntry.objects.order_by("pk").values_list("reason", flat=True))
    call_command("trim_trail", str(tmp_path))
    (archive,) = tmp_path.glob("*.archive")
    assert "天前".encode() not in archive.read_bytes()
    assert [entry["reason"] for entry in trail_archive.read(archive)] == kept[:12]
    assert list(TrailEntry.objects.order_by("pk").values_list("reason", flat=True))[:24] == kept[12:]
    entry = TrailEntry.objects.get(action="trimmed")
    assert entry.changes["SHA-256"][1] in archive.with_suffix(".archive.sha256").read_text()
    assert entry.changes["条数"] == ["", "12"]
    call_command("verify_trail")
    assert "共 25 条" in capsys.readouterr().out
    trail_blocks.close_open()
    verify()
    call_command("trim_trail", str(tmp_path))
    assert "没有超过保留期" in capsys.readouterr().out


def test_a_trimmed_trail_still_shows_what_was_removed_besides(old_trail, tmp_path, guard_is_asked_elsewhere):
    call_command("trim_trail", str(tmp_path))
    unguarded()
    TrailEntry.objects.filter(reason="300 天前 0").delete()
    with pytest.raises(DamagedError, match="被删除"):
        verify()


def test_a_damaged_trail_is_not_trimmed(old_trail, tmp_path, guard_is_asked_elsewhere):
    unguarded()
    TrailEntry.objects.filter(reason="800 天前 3").update(reason="x")
    with pytest.raises(CommandError, match="已被改动"):
        call_command("trim_trail", str(tmp_path))
    assert TrailEntry.objects.count() == 36
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_archive_is_refused(old_trail, tmp_path):
    call_command("trim_trail", str(tmp_path))
    (archive,) = tmp_path.glob("*.archive")
    content = bytearray(archive.read_bytes())
    content[-3] ^= 1
    archive.write_bytes(content)
    with pytest.raises(CommandError, match="已损坏"):
        call_command("trim_trail", str(archive), read=True)
