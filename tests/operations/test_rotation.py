"""Changing keys and cipher: every encrypted column, the hashes, what may be dropped, what refuses to start."""

from __future__ import annotations

import zlib
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from actions.models import Worker
from models_app.models import Laureate
from mofu.accounts.models import TrailEntry, User
from mofu.encryption import blind_index, decrypt, encrypt, seal, unseal
from mofu.operations import blind_indexes, rotation
from mofu.registers import jobs
from mofu.registers.models import FileRole, ImportBatch, ImportFile, Job, JobResult, Merge
from tests.makers import made_id_number, make_laureate, make_user, make_worker

OLD, NEW = b"o" * 32, b"n" * 32


def quiet(*_):
    pass


def run(*words):
    out = StringIO()
    try:
        call_command("rotate_keys", *words, stdout=out, stderr=out)
    except CommandError as error:
        return 1, out.getvalue() + str(error)
    return 0, out.getvalue()


def stored(model, column, pk):
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE id = %s', [pk]
        )  # names of our own
        value = cursor.fetchone()[0]
    return value if isinstance(value, str) else bytes(value)


@pytest.fixture
def kept(cast, settings):
    """One value of every kind under the old key, then the new key in front of it."""
    settings.FIELD_KEYS = {"old": OLD}
    person = make_laureate(org=cast.dongtai, id_number=made_id_number(serial=1), phone="13900000001")
    worker = make_worker(org=cast.dongtai, id_number=made_id_number(serial=2), phone="13900000002")
    user = make_user(username="with_phone", phone="13900000003")
    batch = ImportBatch.objects.create(
        slug="laureates", file_name="表.xlsx", sha256="", size=1, answers='{"a": 1}'
    )
    file = ImportFile.objects.create(batch=batch, role=FileRole.SOURCE, content=seal(b"rows"))
    job = Job.objects.create(kind="export", title="导出", owner=user)
    result = JobResult.objects.create(job=job, content=seal(b"workbook"))
    merge = Merge.objects.create(
        slug="laureates", winner_key=1, loser_key=2, payload=seal(zlib.compress(b"[]"))
    )
    factor = Authenticator.objects.create(
        user=user, type="totp", data={"secret": encrypt("TOTP"), "last_step": 7}
    )
    codes = Authenticator.objects.create(
        user=user,
        type="recovery_codes",
        data={"seed": encrypt("SEED"), "migrated_codes": [encrypt("12345678")]},
    )
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    return {
        "person": person, "worker": worker, "user": user, "batch": batch, "file": file, "result": result,
        "merge": merge, "factor": factor, "codes": codes,
    }  # fmt: skip


def test_everything_is_brought_under_the_new_key(kept, settings):
    assert run("--check")[0] == 1
    code, said = run()
    assert (code, "密钥 old 已没有数据在用" in said) == (0, True), said
    settings.FIELD_KEYS = {"new": NEW}
    person = Laureate.everything.get(pk=kept["person"].pk)
    assert (person.id_number, person.phone) == (made_id_number(serial=1), "13900000001")
    assert Worker.everything.get(pk=kept["worker"].pk).phone == "13900000002"
    assert User.objects.get(pk=kept["user"].pk).phone == "13900000003"
    assert ImportBatch.objects.get(pk=kept["batch"].pk).answers == '{"a": 1}'
    assert unseal(bytes(ImportFile.objects.get(pk=kept["file"].pk).content)) == b"rows"
    assert jobs.result_of(Job.objects.get(result=kept["result"])) == b"workbook"
    assert unseal(bytes(Merge.objects.get(pk=kept["merge"].pk).payload)) == zlib.compress(b"[]")
    factor = Authenticator.objects.get(pk=kept["factor"].pk)
    assert (decrypt(factor.data["secret"]), factor.data["last_step"]) == ("TOTP", 7)
    codes = Authenticator.objects.get(pk=kept["codes"].pk)
    assert [decrypt(codes.data["seed"]), *map(decrypt, codes.data["migrated_codes"])] == ["SEED", "12345678"]
    assert run("--check")[0] == 0
    assert TrailEntry.objects.filter(actor_name="rotate_keys").count() == 1


def test_equals_are_found_again_and_old_hashes_refuse_the_start(kept, settings):
    settings.IS_PROD = True
    assert not Laureate.everything.filter(id_number_hash=blind_index(made_id_number(serial=1))).exists()
    with pytest.raises(ImproperlyConfigured, match="rotate_keys"):
        blind_indexes.require()
    make_laureate(
        org=kept["person"].org, id_number=made_id_number(serial=90)
    )  # by a command, which asks nobody
    with pytest.raises(ImproperlyConfigured, match="rotate_keys"):
        blind_indexes.require()
    run()
    blind_indexes.require()
    assert (
        Laureate.everything.get(id_number_hash=blind_index(made_id_number(serial=1))).pk == kept["person"].pk
    )
    settings.FIELD_KEYS = {"foreign": b"f" * 32}
    with pytest.raises(ImproperlyConfigured, match="密钥 'new'"):
        blind_indexes.require()


def test_a_stopped_run_goes_on_where_it_was(kept, settings, monkeypatch):
    for number in range(3, 15):
        make_laureate(org=kept["person"].org, id_number=made_id_number(serial=number))
    settings.FIELD_KEYS = {"newest": b"x" * 32, "new": NEW, "old": OLD}
    monkeypatch.setattr(rotation, "BATCH", 4)
    column = next(c for c in rotation.columns() if c.model is Laureate and c.field.name == "id_number")

    def stop(_what, done, _total):
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        column.renew(stop)
    assert column.heads() == {"newest.aes": 8, "new.aes": 5}
    assert column.renew(quiet) == 5
    assert column.renew(quiet) == 0


def test_the_cipher_can_be_changed_and_changed_back(kept, settings):
    settings.FIELD_CIPHER = "sm4-gcm"
    assert run()[0] == 0
    assert stored(Laureate, "phone", kept["person"].pk).startswith("new.sm4:")
    assert stored(ImportFile, "content", kept["file"].pk).startswith(b"new.sm4:")
    assert Laureate.everything.get(pk=kept["person"].pk).phone == "13900000001"
    settings.FIELD_CIPHER = "aes-256-gcm"
    assert run()[0] == 0
    assert rotation.in_use().keys() == {"new.aes"}


def test_a_missing_key_is_named_and_nothing_is_lost(kept, settings):
    before = stored(Laureate, "phone", kept["person"].pk)
    settings.FIELD_KEYS = {"new": NEW}
    code, said = run()
    assert (code, "old" in said) == (1, True)
    assert stored(Laureate, "phone", kept["person"].pk) == before


def test_every_encrypted_column_is_under_rotation(kept):
    """A column that holds what encryption made, whatever its type says, is one that the rotation knows."""
    known = {(c.model._meta.db_table, c.field.column) for c in rotation.columns()}
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # names of our own
            names = [part[0] for part in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = bytes(value) if isinstance(value, memoryview) else value
                    text = text.decode("latin-1") if isinstance(text, bytes) else str(text)
                    if "old.aes:" in text:
                        assert (table, name) in known | {("mfa_authenticator", "data")}


def test_the_pages_of_a_reader_work_meanwhile(kept, signed_in):
    client: Client = signed_in(User.objects.get(username="city"))
    assert "139****0001" in client.get(f"/laureates/{kept['person'].pk}/").content.decode()
