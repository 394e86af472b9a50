"""Where scoped systems leaked (1): what a page takes in. Keys of foreign records in forms, filters, views, batches, searches.

Asked as the clerk of the county 东 of a world in which every unit holds a record of every register. Texts of other
units are canaries; no answer may tell one, no row of theirs may change.
"""

from __future__ import annotations

from datetime import date
from itertools import cycle
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import models
from django.http import QueryDict

from actions.models import AssistanceLaureate, MentorshipNote, Participation, StudioMember
from mofu.accounts.models import Organization
from mofu.accounts.scope import ScopedModel
from mofu.registers import batch_edits, drilldown, tables
from mofu.registers.listing import Listing
from mofu.registers.register import REGISTERS, register_of
from tests.access.asking import ask
from tests.access.doors import CLERK, clerk, told
from tests.access.people import PERSONAS
from tests.access.world import canary
from tests.registers.sent_forms import sent

pytestmark = pytest.mark.django_db
FOREIGN = ("丙", "射", "城")  # unrelated, beside, above
ENTERED = [slug for slug, found in REGISTERS.items() if not found.city_only]
SCOPED = [slug for slug, found in REGISTERS.items() if issubclass(found.model, ScopedModel)]
each_entered = pytest.mark.parametrize("slug", ENTERED)
each_scoped = pytest.mark.parametrize("slug", SCOPED)


def out_of_sight(world, model):
    """Return keys of records of the model that the clerk does not see, of every place there is one."""
    if model is Organization:
        found = [world.units[node].pk for node in FOREIGN]
    else:
        register = register_of(model)
        found = [world.record(register.slug, node).pk for node in FOREIGN] if register else []
    seen = set(model.objects.visible_to(clerk(world)).filter(pk__in=found).values_list("pk", flat=True))
    return [pk for pk in found if pk not in seen]


def related_fields(form):
    """Return the names of choices of scoped records on a form, with the model."""
    return {
        name: field.queryset.model
        for name, field in form.fields.items()
        if isinstance(field, forms.ModelChoiceField) and issubclass(field.queryset.model, ScopedModel)
    }


# forms and their pickers ----------------------------------------------------------------------------------------


def tries(world, page):
    """Yield what a form is sent: as it came, but with a key out of sight in one of its choices, rows included."""
    data = sent(page)
    for name, model in related_fields(page.context["form"]).items():
        for pk in out_of_sight(world, model):
            yield name, data | {name: pk}
    for _, formset in page.context["formsets"]:
        at = formset.total_form_count()
        for name, model in related_fields(formset.forms[-1] if formset.forms else formset.empty_form).items():
            for pk in out_of_sight(world, model):
                row = {f"{formset.prefix}-TOTAL_FORMS": at + 1, f"{formset.prefix}-{at}-{name}": pk}
                yield f"{formset.prefix}-{at}-{name}", data | row


@each_entered
def test_no_form_takes_a_key_out_of_sight_or_answers_it_with_a_name(slug, world):
    register = REGISTERS[slug]
    record = world.record(slug, "东")
    page = world.client(CLERK).get(register.url("edit", record.pk))
    addresses = cycle((register.url("edit", record.pk), register.url("new")))
    fixed = {
        name for name, field in page.context["form"].fields.items() if field.disabled
    }  # ignored when changing
    for name, data in tries(world, page):
        address = register.url("new") if name in fixed else next(addresses)
        answer = ask(world, CLERK, "POST", address, data)
        assert (answer.status, answer.changed) == (422, []), (name, address)
        assert told(world, answer) == set(), (name, address)


def test_forms_with_related_records_are_tried_in_fact(world):
    pages = {
        slug: world.client(CLERK).get(REGISTERS[slug].url("edit", world.record(slug, "东").pk))
        for slug in ENTERED
    }
    tried = {slug: {name for name, _ in tries(world, page)} for slug, page in pages.items()}
    assert {"org", "leader", "studiomember-1-worker"} <= {name for names in tried.values() for name in names}
    assert len([slug for slug, names in tried.items() if names]) >= 14


@each_entered
def test_no_suggestion_in_an_address_is_answered_with_a_name(slug, world):
    register = REGISTERS[slug]
    names = related_fields(register.form(user=clerk(world)))
    for name, model in names.items():
        for pk in out_of_sight(world, model):
            answer = ask(world, CLERK, "GET", f"{register.url('new')}?{name}={pk}")
            assert (answer.status, told(world, answer)) == (200, set()), name


@each_entered
def test_every_choice_list_of_forms_filters_and_batches_holds_what_is_in_sight(slug, world):
    register, user = REGISTERS[slug], clerk(world)
    blank = register.model()
    asked = [
        register.form(user=user),
        batch_edits.fields_of(register, user),
        Listing(register, QueryDict(""), user).filterset.form,
        *(inline.formset_for(register.model)(instance=blank, form_kwargs={"user": user}).empty_form for inline in register.inlines),
    ]  # fmt: skip
    for form in asked:
        for name, model in related_fields(form).items():
            offered = set(form.fields[name].queryset.values_list("pk", flat=True))
            seen = set(model.objects.visible_to(user).values_list("pk", flat=True))
            assert offered <= seen, (form, name)
            assert not offered & set(out_of_sight(world, model))
    units = dict(asked[2].fields["org"].widget.choices) if "org" in asked[2].fields else {}
    assert not {world.units[node].code for node in FOREIGN} & set(units)


PARTS = {
    "events": lambda event, person: Participation(event=event, laureate=person, part="speaker"),
    "assistance": lambda assistance, person: AssistanceLaureate(assistance=assistance, laureate=person),
    "studios": lambda studio, person: StudioMember(studio=studio, laureate=person),
    "mentorships": lambda pair, _: MentorshipNote(mentorship=pair, date=date(2024, 6, 22), text="谈话"),
}


def test_every_form_with_rows_is_tried():
    assert set(PARTS) == {slug for slug in ENTERED if REGISTERS[slug].inlines}


@pytest.mark.parametrize("slug", list(PARTS))
def test_no_row_of_a_foreign_record_is_reached_through_a_form_of_ones_own(slug, world):
    """The key of a part is sent with its row: that of another record's part must neither move nor change it."""
    register = REGISTERS[slug]
    foreign = PARTS[slug](world.record(slug, "丙"), world.record("laureates", "丙"))
    foreign.save()
    stored = type(foreign)._base_manager.filter(pk=foreign.pk).values()
    before, prefix = (
        stored.get(),
        next(inline.prefix for inline in register.inlines if inline.model is type(foreign)),
    )
    address = register.url("edit", world.record(slug, "东").pk)
    row = {f"{prefix}-0-{name.removesuffix('_id')}": value or "" for name, value in before.items()}
    counts = {
        f"{prefix}-INITIAL_FORMS": 1,
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-note": "篡改",
        f"{prefix}-0-DELETE": "on",
    }
    data = sent(world.client(CLERK).get(address)) | row
    for more in (counts, counts | {f"{prefix}-0-DELETE": ""}, counts | {f"{prefix}-INITIAL_FORMS": 0}):
        page = world.client(CLERK).post(address, data | more).content.decode()
        assert set(world.forbidden(PERSONAS[CLERK]).findall(page)) == set()
        assert stored.get() == before


# lists ----------------------------------------------------------------------------------------------------------


def paths(model, depth=2):
    """Yield the look-ups by which something stored could be asked for bit by bit."""
    for field in model._meta.get_fields():
        if field.is_relation and depth and field.related_model:
            yield from (f"{field.name}__{rest}" for rest in paths(field.related_model, depth - 1))
        elif field.concrete and not field.is_relation:
            yield field.name


@each_scoped
def test_no_nested_look_up_in_an_address_narrows_or_orders_a_list(slug, world):
    register, user = REGISTERS[slug], clerk(world)
    declared = {*register.filterset.base_filters, *drilldown.PARAMETERS}
    ends = ("", "__startswith", "__contains", "__gt", "__isnull", "__regex", "__in")
    names = sorted(set(paths(register.model)))
    asked = QueryDict(mutable=True)
    asked.update({f"{name}{end}": "鸿雁" for name in names for end in ends if f"{name}{end}" not in declared})
    assert len(asked) > 100
    plain, found = Listing(register, QueryDict(""), user), Listing(register, asked, user)
    assert str(found.filtered.query) == str(plain.filtered.query)
    usual = plain.rows.query.order_by
    columns = {column.name for column in register.all_columns.values() if column.sort}
    for sort in {*names, "?", "password"} - columns:
        assert tables.ordered(plain.filtered, register, sort).query.order_by == usual, sort
        assert tables.ordered(plain.filtered, register, f"-{sort}").query.order_by == usual, sort


@each_scoped
def test_nobody_sorts_by_a_personal_number(slug):
    hidden = {name for found in REGISTERS.values() for name in found.secret_fields} | {"id_number_hash"}
    sorts = [str(column.sort) for column in REGISTERS[slug].all_columns.values() if column.sort]
    assert [sort for sort in sorts if hidden & set(sort.lstrip("-").split("__"))] == []


@each_scoped
def test_no_filter_takes_a_key_out_of_sight(slug, world):
    register, user = REGISTERS[slug], clerk(world)
    fields = related_fields(Listing(register, QueryDict(""), user).filterset.form)
    asked = [(name, pk) for name, model in fields.items() for pk in out_of_sight(world, model)]
    asked += [("org", world.units[node].code) for node in FOREIGN]
    for name, value in asked:
        answer = ask(world, CLERK, "GET", f"{register.url('list')}?{name}={value}")
        assert (answer.status, told(world, answer)) == (200, set()), name
        listing = Listing(register, QueryDict(f"{name}={value}"), user)
        assert not listing.is_whole or not listing.filtered.exists(), name


@each_scoped
def test_no_search_finds_or_hints_at_what_is_out_of_sight(slug, world):
    register, model = REGISTERS[slug], REGISTERS[slug].model
    for node in ("丙", "射"):
        record = model._base_manager.get(pk=world.record(slug, node).pk)
        words = {
            str(getattr(record, name))
            for name in ("name", "title", "id_number", "phone", "code")
            if getattr(record, name, "")
        }
        for word in {*words, str(record), str(world.units[node].name)} - {""}:
            if world.record(slug, node).pk in set(register.rows(clerk(world)).values_list("pk", flat=True)):
                continue
            query = urlencode({"q": word})
            picked = ask(world, CLERK, "GET", f"{register.url('pick')}?{query}")
            assert '"results": []' in picked.text, word
            assert Listing(register, QueryDict(query), clerk(world)).filtered.count() == 0, word


def test_canaries_are_found_where_they_may_stand(world):
    """The tests above would pass for empty answers: what the clerk may read is there."""
    assert canary("东")[:3] == "鸿雁东"
    answer = ask(world, CLERK, "GET", REGISTERS["laureates"].url("list"))
    assert "鸿雁东" in answer.text
    assert isinstance(world.record("laureates", "丙"), models.Model)
