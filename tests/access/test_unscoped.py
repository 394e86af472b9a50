"""A query on a scoped model that was not narrowed to somebody raises, whatever way it is run (figure 5)."""

from __future__ import annotations

import asyncio
import inspect
import pickle

import pytest
from django.apps import apps
from django.db.models import Count, QuerySet

from mofu.accounts.models import Role
from mofu.accounts.scope import SYSTEM, ScopedModel, ScopedQuerySet, ScopeError
from tests.makers import make_user

pytestmark = pytest.mark.django_db
SCOPED = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
each_model = pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)


def missing(model):
    """A key that no row has; summaries have keys of several columns."""
    parts = getattr(model._meta.pk, "field_names", ())
    return tuple(0 for _ in parts) if parts else 0


def changed(model):
    """Values of a change that is never made."""
    return {model._meta.fields[-1].attname: None}


# Every public method of a queryset that runs a query that reads or changes rows which are there.
RUNS = {
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "bulk_update": lambda rows: rows.bulk_update(
        [rows.model(pk=missing(rows.model))], [rows.model._meta.fields[-1].name]
    ),
    "contains": lambda rows: rows.contains(rows.model(pk=missing(rows.model))),
    "count": lambda rows: rows.count(),
    "delete": lambda rows: rows.delete(),
    "earliest": lambda rows: rows.earliest("pk"),
    "exists": lambda rows: rows.exists(),
    "explain": lambda rows: rows.explain(),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=missing(rows.model)),
    "get_or_create": lambda rows: rows.get_or_create(pk=missing(rows.model)),
    "in_bulk": lambda rows: rows.in_bulk([missing(rows.model)]),
    "iterator": lambda rows: list(rows.iterator(chunk_size=10)),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("pk"),
    "raw": lambda rows: list(rows.raw("select 1 as id")),
    "update": lambda rows: rows.filter(pk=missing(rows.model)).update(**changed(rows.model)),
    "update_or_create": lambda rows: rows.update_or_create(pk=missing(rows.model)),
}
# What only says which rows are meant, or how; the query runs later. ``bulk_create`` and ``create`` read none.
LAZY = {
    "alias", "all", "annotate", "complex_filter", "dates", "datetimes", "defer", "difference", "distinct", "exclude",
    "extra", "fetch_mode", "filter", "intersection", "none", "only", "order_by", "prefetch_related", "reverse",
    "select_for_update", "select_related", "union", "using", "values", "values_list", "as_manager", "bulk_create",
    "create", "resolve_expression",
}  # fmt: skip


def test_every_way_to_run_a_query_is_tried():
    known = {name for name, _ in inspect.getmembers(QuerySet, inspect.isfunction) if not name.startswith("_")}
    plain = {name for name in known if not (name.startswith("a") and name[1:] in known)}
    assert plain - LAZY - set(RUNS) == set()
    assert set(RUNS) - known == set()


@each_model
@pytest.mark.parametrize("name", list(RUNS))
def test_no_method_runs_a_query_that_was_not_narrowed(name, model):
    with pytest.raises(ScopeError):
        RUNS[name](model.objects.all())


@each_model
def test_no_loop_index_or_copy_runs_a_query_that_was_not_narrowed(model):
    rows = model.objects
    for run in (
        list,
        len,
        bool,
        pickle.dumps,
        lambda found: found[0],
        lambda found: found[:3][1],
        lambda found: None in found,
    ):
        with pytest.raises(ScopeError):
            run(rows.all())
    for derived in (
        rows.values("pk"),
        rows.values_list("pk"),
        rows.order_by("pk").reverse(),
        rows.distinct(),
        rows.filter(pk=missing(model)),
    ):
        with pytest.raises(ScopeError):
            list(derived)


@each_model
def test_no_coroutine_runs_a_query_that_was_not_narrowed(model):
    async def loop():
        return [row async for row in model.objects.all().aiterator()]

    for run in (loop, model.objects.all().acount, model.objects.all().afirst, model.objects.all().aexists):
        with pytest.raises(ScopeError):
            asyncio.run(run())


@each_model
def test_nothing_unnarrowed_comes_in_beside_what_was_narrowed(model):
    seen, everybodys = model.objects.visible_to(SYSTEM).filter(pk=missing(model)), model.objects.all()
    with pytest.raises(ScopeError):
        list(seen | everybodys)
    with pytest.raises(ScopeError):
        list(everybodys | seen)
    with pytest.raises(ScopeError):
        list(seen.union(everybodys))
    with pytest.raises(ScopeError):
        list(everybodys.union(seen))
    with pytest.raises(ScopeError):
        list(model.objects.visible_to(SYSTEM).filter(pk__in=everybodys.values("pk")))


@each_model
def test_a_narrowed_query_runs_and_stays_open_through_filters(model):
    seen = model.objects.visible_to(SYSTEM).filter(pk=missing(model))
    assert list(seen.order_by("pk")[:5]) == []
    assert list(seen | model.objects.visible_to(SYSTEM).filter(pk=missing(model))) == []


@each_model
def test_nobody_without_unit_or_switched_off_sees_a_row(model):
    for user in (make_user(Role.COUNTY, None), make_user(Role.CITY, is_active=False)):
        assert not model.objects.visible_to(user).exists()


@each_model
def test_no_manager_but_the_listed_doors_is_open(model):
    """Whatever manager a model gets besides: ``everything`` is the only open one, and views may not use it."""
    for manager in model._meta.managers:
        assert isinstance(manager.get_queryset(), ScopedQuerySet)
        assert manager.get_queryset()._released == (manager.name == "everything"), manager.name
