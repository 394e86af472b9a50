"""Merging two records: every relation moves, what is there twice is told, all of it can be taken back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from actions.models import Event, Membership, Participation, Studio, TenOne, Worker
from models_app.models import Honour, Laureate
from mofu.accounts.models import Organization, OrganizationKind, TrailEntry
from mofu.encryption import unseal
from mofu.registers import duplicates, merge_pairs, merging, unmerging
from mofu.registers.models import Attachment, DistinctPair, Merge
from mofu.registers.register import REGISTERS
from mofu.registers.relations import relations_of
from tests.makers import (
    made_id_number,
    make_event,
    make_honour,
    make_honour_title,
    make_laureate,
    make_membership,
    make_mentorship,
    make_org,
    make_status_change,
    make_studio,
    make_team,
    make_ten_one,
    make_worker,
)
from tests.registers.hanging import DAY, HANGING, attach, hang, pair

SLUGS = list(HANGING)
KEPT_OUT = {"accounts.trailentry", "accounts.trailblock", "registers.merge", "sessions.session"}


def dump():
    """Return every row of every table but the trail and the merges, as Python values."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in KEPT_OUT and model._meta.managed:
            names = [field.attname for field in model._meta.concrete_fields]
            found[model._meta.label] = {row["pk"]: row for row in model._base_manager.values("pk", *names)}
    return found


def merge(winner, loser, user, *taken, reason="重复登记"):
    agreed = [found.key for found in merge_pairs.foresee(winner, loser, user).pairs]
    return merging.merge(winner=winner, loser=loser, taken=taken, reason=reason, user=user, agreed=agreed)


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


def named(relation):
    return f"{relation.model._meta.label}.{relation.field.name}"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_relation_of_the_models_has_a_row_to_try(slug):
    """A new relation without an entry in tests/registers/hanging.py fails here."""
    assert {named(relation) for relation in relations_of(REGISTERS[slug].model)} == set(HANGING[slug])


@pytest.mark.parametrize("slug", [found.slug for found in REGISTERS.values() if found.duplicate_rules])
def test_every_compared_register_is_tried(slug):
    assert slug in SLUGS


def test_tables_of_many_to_many_relations_count_as_relations():
    found = {named(relation) for relation in relations_of(Event)}
    assert {
        "actions.Event_measures.event",
        "actions.Event_tasks.event",
        "actions.Participation.event",
    } <= found


@pytest.mark.parametrize("slug", SLUGS)
def test_merge_moves_every_relation_and_undo_restores_every_row(slug, cast):
    winner, loser = pair(slug, cast.dongtai)
    hang(slug, winner)
    hang(slug, loser)
    relations = relations_of(type(winner))
    both = {named(relation): relation.rows(winner.pk, loser.pk).count() for relation in relations}
    twice = {
        hanging.title: hanging.same for hanging in merging.plan(winner, loser, cast.city) if hanging.same
    }
    before = dump()
    done = merge(winner, loser, cast.city)
    assert not type(loser)._base_manager.filter(pk=loser.pk).exists()
    for relation in relations:
        kept = both[named(relation)] - twice.get(relation.title, 0)
        assert relation.rows(winner.pk).count() == kept > 0, named(relation)
        assert relation.rows(loser.pk).count() == 0, named(relation)
    assert dump() != before
    back = unmerging.undo(Merge.objects.get(pk=done.pk), cast.city)
    assert back.pk == loser.pk
    assert dump() == before


@pytest.mark.parametrize("slug", SLUGS)
def test_plan_counts_what_hangs_on_both_sides(slug, cast):
    one, other = pair(slug, cast.dongtai)
    hang(slug, one)
    found = merging.plan(one, other, cast.city)
    assert len(found) == len(HANGING[slug])
    assert all(hanging.winner >= 1 and hanging.loser == hanging.same == 0 for hanging in found)
    assert len({hanging.title for hanging in found}) == len(found)
    assert all(not hanging.title.isascii() for hanging in found)


def test_rows_that_both_have_stay_once(cast):
    winner, loser = pair("laureates", cast.dongtai)
    title, team, event = make_honour_title(), make_team(), make_event(laureates=[])
    kept = make_honour(laureate=winner, title=title, document_no="甲")
    make_honour(laureate=loser, title=title, document_no="乙")
    other = make_honour(laureate=loser, title=title, batch_year=2020)
    for person in (winner, loser):
        Participation(event=event, laureate=person, part="speaker").save()
        make_membership(team=team, laureate=person)
    before = dump()
    assert sum(hanging.same for hanging in merging.plan(winner, loser, cast.city)) == 3
    done = merge(winner, loser, cast.city)
    assert (done.moved, done.folded) == (1, 3)
    assert set(winner.honours.values_list("pk", flat=True)) == {kept.pk, other.pk}
    assert fresh(kept).document_no == "甲"
    assert event.participations.count() == 1
    assert Membership.everything.filter(team=team).count() == 1
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_closed_memberships_do_not_stand_in_each_others_way(cast):
    winner, loser = pair("laureates", cast.dongtai)
    team = make_team()
    make_membership(team=team, laureate=winner)
    make_membership(team=team, laureate=loser, joined_on=date(2023, 6, 22), left_on=DAY)
    merge(winner, loser, cast.city)
    assert winner.memberships.count() == 2


def test_what_hangs_on_a_row_that_is_there_twice_moves_on(cast):
    winner, loser = pair("organizations", cast.dongtai)
    leader = make_laureate()
    kept = make_studio(org=winner, name="焊接工作室", leader=leader)
    twin = make_studio(org=loser, name="焊接工作室", leader=leader)
    pair_of_twin, file = make_mentorship(studio=twin), attach(twin)
    before = dump()
    done = merge(winner, loser, cast.city)
    assert not Studio.everything.filter(pk=twin.pk).exists()
    assert fresh(pair_of_twin).studio_id == kept.pk
    assert Attachment.objects.get(pk=file.pk).object_id == kept.pk
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_units_below_move_with_their_paths_and_same_names_become_one(cast):
    winner, loser = pair("organizations", cast.dongtai)
    branch = make_org(parent=loser, name="一分厂", kind=OrganizationKind.ENTERPRISE)
    workshop = make_org(parent=branch, name="焊装车间", kind=OrganizationKind.ENTERPRISE)
    twin = make_org(parent=winner, name="一分厂", kind=OrganizationKind.ENTERPRISE)
    other = make_org(parent=loser, name="二分厂", kind=OrganizationKind.ENTERPRISE)
    smith = make_laureate(org=workshop)
    before = dump()
    done = merge(winner, loser, cast.city)
    assert fresh(workshop).path == fresh(twin).path + f"{workshop.pk:06d}"
    assert fresh(other).path == fresh(winner).path + f"{other.pk:06d}"
    assert not Organization.everything.filter(pk__in=[branch.pk, loser.pk]).exists()
    assert list(Laureate.everything.filter(org__path__startswith=fresh(winner).path)) == [smith]
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_values_are_taken_from_the_record_that_goes(cast):
    winner = make_laureate(org=cast.dongtai, name="周海", position="班长")
    number = made_id_number(birth="19700501")
    loser = make_laureate(
        org=cast.dongtai, name="周海", id_number=number, position="主任", phone="13812345678"
    )
    before = dump()
    done = merge(winner, loser, cast.city, "id_number", "phone")
    kept = fresh(winner)
    assert (kept.id_number, kept.phone, kept.position) == (number, "13812345678", "班长")
    assert (kept.birth_date, kept.sex) == ("1970-05-01", "M")
    assert kept.id_number_hash == loser.id_number_hash
    assert kept.review_state == "approved"
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_values_that_do_not_fit_together_change_nothing(cast):
    winner = make_laureate(org=cast.dongtai, birth_date="1980")
    loser = make_laureate(org=cast.dongtai, id_number=made_id_number(birth="19700501"))
    before = dump()
    with pytest.raises(ValidationError):
        merge(winner, loser, cast.city, "id_number")
    assert dump() == before
    assert not Merge.objects.exists()


def test_review_state_stays_the_winners_but_a_units_change_is_reviewed_again(cast):
    def two():
        return make_laureate(org=cast.dongtai), make_laureate(
            org=cast.dongtai, position="主任", review_state="draft"
        )

    winner, loser = two()
    merge(winner, loser, cast.city, "position")
    assert fresh(winner).review_state == "approved"
    winner, loser = two()
    merge(winner, loser, cast.county)
    assert fresh(winner).review_state == "approved"
    winner, loser = two()
    merge(winner, loser, cast.county, "position")
    assert fresh(winner).review_state == "draft"


def test_status_follows_the_newest_change_of_either(cast):
    winner, loser = pair("laureates", cast.dongtai)
    make_status_change(laureate=loser)
    before = dump()
    done = merge(winner, loser, cast.city)
    assert fresh(winner).status == "LTX"
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_the_trail_names_both_and_the_reason(cast):
    winner, loser = make_laureate(name="周海"), make_laureate(name="周诲")
    honour, key = make_honour(laureate=loser), loser.pk
    done = merge(winner, loser, cast.city, reason="同一人两次录入")
    for pk in (winner.pk, key):
        entry = TrailEntry.objects.get(action="merged", model="models_app.laureate", object_id=str(pk))
        assert all(word in entry.reason for word in ("周海", "周诲", "同一人两次录入"))
    moved = TrailEntry.objects.get(action="changed", model="models_app.honour", object_id=str(honour.pk))
    assert moved.changes["laureate"] == ["周诲", "周海"]
    assert TrailEntry.objects.filter(
        action="deleted", object_id=str(key), model="models_app.laureate"
    ).exists()
    unmerging.undo(done, cast.city)
    for pk in (winner.pk, key):
        assert TrailEntry.objects.filter(
            action="split", model="models_app.laureate", object_id=str(pk)
        ).exists()


def test_the_payload_is_sealed(cast):
    number = made_id_number()
    winner, loser = make_laureate(), make_laureate(name="周海", id_number=number)
    done = merge(winner, loser, cast.city)
    assert number.encode() not in bytes(done.payload)
    assert "周海".encode() not in bytes(done.payload)
    assert unseal(bytes(done.payload))
    with pytest.raises(ValueError):
        json.loads(bytes(done.payload))


def test_a_note_that_a_third_is_another_person_goes_over_to_the_winner(cast):
    winner, loser = pair("laureates", cast.dongtai)
    third, fourth = make_laureate(), make_laureate()
    for other in (third, fourth):
        duplicates.dismiss(loser, other, reason="", user=cast.city)
    duplicates.dismiss(winner, fourth, reason="", user=cast.city)
    before = dump()
    done = merge(winner, loser, cast.city)
    assert duplicates.dismissal_of(winner, third)
    assert DistinctPair.objects.count() == 2
    unmerging.undo(done, cast.city)
    assert dump() == before


def test_records_said_to_be_two_are_not_merged(cast):
    winner, loser = pair("workers", cast.dongtai)
    duplicates.dismiss(winner, loser, reason="", user=cast.city)
    with pytest.raises(merging.MergeError, match="不是同一人"):
        merge(winner, loser, cast.city)
    assert Worker.everything.filter(pk=loser.pk).exists()


@pytest.mark.parametrize("case", ["kind", "board", "own", "above"])
def test_units_that_must_not_merge(case, cast):
    winner, loser = pair("organizations", cast.dongtai)
    user = cast.city
    if case == "kind":
        winner = make_org(kind=OrganizationKind.VILLAGE)
    elif case == "board":
        winner, loser = cast.dongtai, cast.sheyang
    elif case == "own":
        user.organization = loser
    else:
        winner = make_org(parent=loser, kind=OrganizationKind.ENTERPRISE)
    before = dump()
    with pytest.raises(merging.MergeError):
        merge(winner, loser, user)
    assert dump() == before


def test_a_unit_below_goes_into_the_one_above(cast):
    winner, loser = pair("organizations", cast.dongtai)
    loser.parent = winner
    loser.save()
    child = make_org(parent=loser, kind=OrganizationKind.ENTERPRISE)
    before = dump()
    done = merge(winner, loser, cast.city)
    assert fresh(child).path == fresh(winner).path + f"{child.pk:06d}"
    unmerging.undo(done, cast.city)
    assert dump() == before


def _edit_winner(winner, honour):
    winner = fresh(winner)
    winner.position = "主任"
    winner.save()


def _edit_moved(winner, honour):
    honour = fresh(honour)
    honour.note = "补充"
    honour.save()


def _delete_moved(winner, honour):
    fresh(honour).delete()


def _change_behind_the_trail(winner, honour):
    Honour.everything.filter(pk=honour.pk).update(laureate=make_laureate())


@pytest.mark.parametrize("change", [_edit_winner, _edit_moved, _delete_moved, _change_behind_the_trail])
def test_what_changed_since_is_not_undone(change, cast):
    winner, loser = pair("laureates", cast.dongtai)
    honour = make_honour(laureate=loser)
    done = merge(winner, loser, cast.city)
    change(winner, honour)
    before = dump()
    with pytest.raises(unmerging.UndoError) as refused:
        unmerging.undo(done, cast.city)
    assert [found.kind for found in refused.value.obstacles]
    assert dump() == before
    assert fresh(done).undone_at is None


def test_a_moved_part_that_changed_is_not_undone(cast):
    winner, loser = pair("laureates", cast.dongtai)
    event = make_event(laureates=[loser])
    done = merge(winner, loser, cast.city)
    event.summary = "活动小结"
    event.save()
    event.participations.get().delete()
    with pytest.raises(unmerging.UndoError) as refused:
        unmerging.undo(done, cast.city)
    assert [found.kind for found in refused.value.obstacles] == ["参加人员"]


def test_looking_at_the_winner_does_not_bar_the_undo(cast, signed_in):
    winner = make_laureate(id_number=made_id_number())
    done = merge(winner, make_laureate(), cast.city)
    signed_in(cast.city).post(
        f"/laureates/{winner.pk}/reveal/", {"field": "id_number", "purpose": "verify", "ask": "1"}
    )
    unmerging.undo(done, cast.city)
    assert fresh(done).undone_by == cast.city


def test_undone_once_only(cast):
    done = merge(make_worker(), make_worker(), cast.city)
    unmerging.undo(done, cast.city)
    with pytest.raises(unmerging.UndoError, match="已经撤销"):
        unmerging.undo(fresh(done), cast.city)


def test_a_number_entered_anew_bars_the_undo(cast):
    number = made_id_number()
    loser = make_worker(id_number=number)
    done = merge(make_worker(), loser, cast.city)
    make_worker(id_number=number)
    with pytest.raises(IntegrityError):
        unmerging.undo(done, cast.city)


def test_merges_are_undone_in_reverse_order(cast):
    first, second, third = (make_worker(org=cast.dongtai) for _ in range(3))
    make_ten_one(worker=first)
    before = dump()
    one = merge(second, first, cast.city)
    other = merge(third, second, cast.city)
    with pytest.raises(unmerging.UndoError):
        unmerging.undo(one, cast.city)
    unmerging.undo(other, cast.city)
    assert TenOne.everything.get().worker_id == second.pk
    unmerging.undo(one, cast.city)
    assert dump() == before


def test_what_changed_between_two_undone_merges_still_bars_the_first(cast):
    first, second, third = (make_worker(org=cast.dongtai) for _ in range(3))
    one = merge(second, first, cast.city)
    _change_note(second)
    other = merge(third, second, cast.city)
    unmerging.undo(other, cast.city)
    with pytest.raises(unmerging.UndoError):
        unmerging.undo(one, cast.city)


def _change_note(record):
    record = fresh(record)
    record.note = "补充"
    record.save()


def test_a_failing_merge_leaves_nothing_half_done(cast, monkeypatch):
    winner, loser = pair("laureates", cast.dongtai)
    hang("laureates", loser)
    before, entries = dump(), TrailEntry.objects.count()
    monkeypatch.setattr(merging, "packed", lambda _changes: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merge(winner, loser, cast.city)
    assert dump() == before
    assert TrailEntry.objects.count() == entries
