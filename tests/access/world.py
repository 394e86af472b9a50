"""The tree with everybody and everything in it, and in every text a canary that tells which unit it belongs to."""

from __future__ import annotations

import re
import time
from functools import cached_property
from io import BytesIO
from itertools import count

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from PIL import Image

from actions.models import FrozenFile, ReportEdit
from mofu.accounts.models import OrganizationKind, Role, TrailEntry, User
from mofu.registers import attachments, duplicates, jobs, merging
from mofu.registers.models import FileRole, ImportBatch, ImportState, Job, JobState, SavedView
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import batches
from tests import makers
from tests.access.people import CARE, KINDS, PARENTS, PERSONAS, above
from tests.conftest import Browser
from tests.registers.sheets_of import workbook_bytes
from tests.specimens import CITY_WIDE, specimen

_SERIAL = count(1)
YEAR = 2024


def canary(node):
    """Return a text that nobody without sight of the unit may ever read."""
    return f"鸿雁{node}{next(_SERIAL):05d}"


def unit_name(node):
    """Return a unit's name, which those in it and below it know as well."""
    return f"鸿鹄{node}单位"


def photo():
    """Return a small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 50)).save(out, "JPEG")
    return out.getvalue()


def _plain_texts(record):
    for field in record._meta.concrete_fields:
        plain = type(field) in (models.CharField, models.TextField) and not isinstance(
            field, PartialDateField
        )
        if plain and field.editable and not field.choices and (field.max_length or 99) >= 10:
            yield field.name


class World:
    """Units, people of every role, keepers of every unit, and records in all of them."""

    def __init__(self):
        self.units = {}
        for node, parent in PARENTS.items():
            kind = KINDS.get(node, OrganizationKind.ENTERPRISE)
            above_it = self.units.get(parent)
            made = makers.city() if parent is None else makers.make_org(parent=above_it, kind=kind)
            made.name, made.short_name = unit_name(node), ""
            made.save()
            self.units[node] = made
        self.users = {
            name: makers.make_user(
                found.role, self.units[found.unit], name=f"用户{number}", handles_care=name in CARE
            )
            for number, (name, found) in enumerate(PERSONAS.items())
            if found.role
        }
        self.keepers = {
            node: makers.make_user(
                Role.CITY if node == "城" else Role.COUNTY, unit, name=canary(node), phone=self._phone()
            )
            for node, unit in self.units.items()
        }
        for code in ("six-ins", "assist-enterprise", "mentoring", "craftsmen", "double-strive"):
            makers.make_measure(code=f"m-{code}", campaign=code)
        self.numbers = set()
        self.things = {}
        for slug in REGISTERS:
            for node in PARENTS:
                self.record(slug, node)
        for node in PARENTS:
            for kind in ("file", "view", "batch", "job", "merged", "distinct", "draft", "frozen"):
                self.thing(kind, node)
        makers.make_honour_title(name="公共荣誉")
        self.clients = {name: self._signed_in(name) for name in PERSONAS}

    def _phone(self):
        return f"139{next(_SERIAL):08d}"

    # what there is -------------------------------------------------------------------------------------

    def record(self, slug, node):
        """Return the record of a register that belongs to a unit."""
        return self._kept(("record", slug, node), lambda: self._planted(slug, node))

    def thing(self, kind, node, owner=None, slug=""):
        """Return something else of a unit: of its keeper unless ``owner`` is given."""
        return self._kept(
            (kind, node, owner and owner.pk, slug), lambda: getattr(self, f"_{kind}")(node, owner, slug)
        )

    def _kept(self, key, make):
        if key not in self.things:
            self.things[key] = make()
        return self.things[key]

    def some(self, label):
        """Return the key of any object of a model, 0 where there is none."""
        return self._kept(("some", label), lambda: self._some(apps.get_model(label)))

    def _some(self, model):
        return model._base_manager.values_list("pk", flat=True).order_by("pk").first() or 0

    def _planted(self, slug, node):
        made = specimen(slug, self.units[node])
        if slug in CITY_WIDE:
            return made
        self._mark(made, node)
        for field in made._meta.concrete_fields:
            if field.is_relation and hasattr(field.related_model, "scope_fields"):
                found = getattr(made, field.name)
                if found is not None and found.pk not in {unit.pk for unit in self.units.values()}:
                    self._mark(found, node)
        return made

    def _mark(self, record, node):
        if record._meta.model_name == "team" or "鸿雁" in str(record):
            return
        for name in _plain_texts(record):
            setattr(record, name, canary(node))
        if hasattr(record, "id_number"):
            record.id_number, record.phone = makers.made_id_number(), self._phone()
            record.birth_date = record.sex = ""
            self.numbers |= {record.id_number, record.phone}
        if hasattr(record, "bank_account"):
            record.bank_account, record.bank_name = f"62{next(_SERIAL):017d}", "银行"
            record.illness, record.hardship_note, record.hardship = canary(node), canary(node), "illness"
            self.numbers |= {record.bank_account, record.illness, record.hardship_note}
        if hasattr(record, "photo"):
            record.photo.save("a.jpg", ContentFile(photo()), save=False)
        record.save()

    def _file(self, node, _owner, _slug):
        record = self.record("events", node)
        upload = ContentFile(f"%PDF-1.4 {canary(node)}".encode(), name=f"{canary(node)}.pdf")
        return attachments.keep(upload, record, self.keepers[node])

    def _view(self, node, owner, slug):
        return self._saved(
            SavedView(
                slug=slug or "laureates", name=canary(node), owner=owner or self.keepers[node], title=canary(node),
                columns=[["name", canary(node)]],
            )
        )  # fmt: skip

    def _batch(self, node, owner, slug):
        made = ImportBatch.objects.create(
            slug=slug or "laureates", user=owner or self.keepers[node], file_name=f"{canary(node)}.xlsx", size=9,
            state=ImportState.DONE, counts={"new": 1, "errors": 1}, committed_at=timezone.now(),
        )  # fmt: skip
        batches.keep(made, FileRole.REFUSED, workbook_bytes(["姓名"], [canary(node)]))
        return made

    def _job(self, node, owner, _slug):
        made = Job.objects.create(
            kind="export", title=canary(node), owner=owner or self.keepers[node], state=JobState.DONE,
            message=canary(node), started_at=timezone.now(), finished_at=timezone.now(),
        )  # fmt: skip
        jobs.keep_result(made, workbook_bytes(["姓名"], [canary(node)]), f"{canary(node)}.xlsx")
        made.save()
        return made

    def _twins(self, node):
        unit = self.units[node]
        return [
            makers.make_laureate(org=unit, name=canary(node), birth_date=f"19{50 + at}-01-01")
            for at in (1, 2)
        ]

    def _pair(self, node, _owner, _slug):
        return self._twins(node)

    def _merged(self, node, _owner, _slug):
        one, other = self._twins(node)
        return merging.merge(winner=one, loser=other, taken=[], reason=canary(node), user=self.keepers[node])

    def _distinct(self, node, _owner, _slug):
        one, other = self._twins(node)
        return duplicates.dismiss(one, other, reason=canary(node), user=self.keepers[node])

    def _draft(self, node, _owner, _slug):
        made = makers.make_report_draft(org=self.units[node], title=canary(node), addressee=canary(node))
        return self._saved(
            ReportEdit(
                draft=made, key="0-0", generated=canary(node), text=canary(node), edited_by=self.keepers[node]
            )
        )

    def _frozen(self, node, _owner, _slug):
        made = makers.make_frozen_report(
            org=self.units[node], title=canary(node), frozen_by=self.keepers[node]
        )
        file = FrozenFile(frozen=made, suffix="docx", sha256="0" * 64, size=9)
        file.content = canary(node).encode()
        file.save()
        return made

    def _account(self, node, _owner, _slug):
        return makers.make_user(Role.COUNTY, self.units[node], name=canary(node), phone=self._phone())

    def _trailed(self, node, _owner, _slug):
        return TrailEntry.objects.filter(object_label__startswith=f"鸿雁{node}").first()

    def _saved(self, made):
        made.save()
        return made

    # who asks ------------------------------------------------------------------------------------------

    def client(self, name):
        """Return the browser of somebody, signed in as they were at first."""
        client, cookies = self.clients[name]
        client.cookies.clear()
        for key, value in cookies.items():
            client.cookies[key] = value
        return client

    def _signed_in(self, name):
        """Return a browser and its cookies, of somebody who has just typed their password."""
        client = Browser()
        if name in self.users:
            client.force_login(self.users[name])
            session = client.session
            typed = {"method": "password", "at": time.time(), "username": self.users[name].username}
            session["account_authentication_methods"] = [typed]
            session["account_authentication_methods_user"] = str(self.users[name].pk)
            session.save()
        return client, {key: morsel.value for key, morsel in client.cookies.items()}

    def forbidden(self, persona):
        """Return what finds in a text what ``persona`` may not read."""
        unseen = "".join(set(PARENTS) - set(persona.sees))
        names = [unit_name(node) for node in unseen if node not in above(persona.unit)]
        found = [f"鸿雁[{unseen}]\\d{{5}}"] if unseen else []
        return re.compile("|".join([*found, *names, *(re.escape(number) for number in self.numbers)]))

    @cached_property
    def canaries(self):
        """How many texts were planted."""
        return next(_SERIAL)


def accounts():
    """Return all accounts; the matrix looks whether one has changed."""
    return User.objects.order_by("pk").values()
