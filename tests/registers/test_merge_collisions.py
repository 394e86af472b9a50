"""Rows that cannot both hang on the record that stays: folded where they say the same, told where their spans cross."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError

from actions.models import Assistance, Membership, Mentorship, Worker
from models_app.models import Laureate
from mofu.registers import duplicates, merging, unmerging
from mofu.registers.models import Attachment, Merge
from tests.makers import (
    made_id_number,
    make_assistance,
    make_laureate,
    make_membership,
    make_mentorship,
    make_org,
    make_status_change,
    make_team,
    make_worker,
)
from tests.registers.hanging import DAY, attach, pair
from tests.registers.test_merge_pages import send
from tests.registers.test_merging import dump, fresh, merge

EARLIER, LATER = date(2023, 6, 22), date(2024, 12, 31)


def undone(done, user, before):
    unmerging.undo(Merge.objects.get(pk=done.pk), user)
    return dump() == before


@pytest.mark.parametrize("side", ["master", "master by name", "apprentice"])
def test_open_mentorships_of_one_pair_become_one(side, cast):
    winner, loser = pair("workers" if side == "apprentice" else "laureates", cast.dongtai)
    master, apprentice = make_laureate(), make_worker()
    others = {
        "master": lambda one: {"master": one, "apprentice": apprentice},
        "master by name": lambda one: {"master": one, "apprentice_name": "李四"},
        "apprentice": lambda one: {"master": master, "apprentice": one},
    }[side]
    kept = make_open(**others(winner))
    make_open(**others(loser), started_on=EARLIER)
    closed = make_open(**others(loser), started_on=date(2020, 1, 1), ended_on=date(2021, 1, 1))
    before = dump()
    assert [hanging.same for hanging in merging.plan(winner, loser, cast.city)] == [1]
    done = merge(winner, loser, cast.city)
    assert (done.moved, done.folded) == (1, 1)
    assert set(Mentorship.everything.values_list("pk", flat=True)) == {kept.pk, closed.pk}
    assert fresh(kept).started_on == DAY
    assert undone(done, cast.city, before)


def make_open(*, apprentice_name="", **values):
    if not apprentice_name:
        return make_mentorship(**values)
    row = Mentorship(started_on=DAY, apprentice_name=apprentice_name, review_state="approved")
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def cross_mentorships(winner, loser):
    apprentice = make_worker(org=winner.org)
    make_mentorship(master=winner, apprentice=apprentice)
    make_mentorship(master=loser, apprentice=apprentice, started_on=EARLIER, ended_on=LATER)
    return "师徒结对“周海—"


def cross_memberships(winner, loser):
    team = make_team()
    make_membership(team=team, laureate=winner)
    make_membership(team=team, laureate=loser, joined_on=EARLIER, left_on=LATER)
    return "团队成员"


@pytest.mark.parametrize("cross", [cross_mentorships, cross_memberships])
def test_spans_that_would_cross_are_told_and_nothing_is_merged(cross, cast, signed_in):
    winner, loser = pair("laureates", cast.dongtai)
    words = cross(winner, loser)
    before = dump()
    with pytest.raises(merging.MergeError, match=words) as refused:
        merge(winner, loser, cast.county)
    assert "不能转到保留的记录" in str(refused.value)
    assert dump() == before
    answer = send(signed_in(cast.county), "laureates", winner, loser)
    assert answer.status_code == 422
    assert "不能转到保留的记录" in answer.content.decode()
    assert not Merge.objects.exists()


def test_spans_one_after_the_other_all_move(cast):
    winner, loser = pair("laureates", cast.dongtai)
    team, apprentice = make_team(), make_worker()
    make_membership(team=team, laureate=winner)
    make_membership(team=team, laureate=loser, joined_on=EARLIER, left_on=DAY)
    make_mentorship(master=winner, apprentice=apprentice)
    make_mentorship(master=loser, apprentice=apprentice, started_on=EARLIER, ended_on=date(2024, 6, 21))
    before = dump()
    done = merge(winner, loser, cast.city)
    assert (done.moved, done.folded) == (2, 0)
    assert Membership.everything.filter(laureate=winner).count() == 2
    assert Mentorship.everything.filter(master=winner).count() == 2
    assert undone(done, cast.city, before)


def test_a_span_out_of_sight_is_not_named(cast):
    winner, loser = pair("workers", cast.dongtai)
    far = make_laureate(org=cast.sheyang, name="射阳劳模")
    make_mentorship(master=far, apprentice=winner)
    make_mentorship(master=far, apprentice=loser, started_on=EARLIER, ended_on=LATER)
    for user in (cast.city, cast.stranger):
        with pytest.raises(merging.MergeError) as refused:
            merge(winner, loser, user)
        assert ("射阳劳模" in str(refused.value)) == (user == cast.city)


def test_one_open_assistance_of_two_stays_and_served_ones_move(cast):
    winner, loser = pair("organizations", cast.dongtai)
    open_ones = {"stage": "need", "served_on": None, "org": cast.dongtai}
    kept = make_assistance(enterprise=winner, **open_ones)
    make_assistance(enterprise=loser, laureates=[make_laureate()], **open_ones)
    other = make_assistance(enterprise=loser, need="另一需求", **open_ones)
    served = [make_assistance(enterprise=unit, org=cast.dongtai, served_on=day)
              for unit, day in ((winner, DAY), (loser, EARLIER))]  # fmt: skip
    before = dump()
    done = merge(winner, loser, cast.city)
    assert done.folded == 1
    assert set(Assistance.everything.filter(enterprise=winner)) == {kept, other, *served}
    assert kept.helpers.count() == 1
    assert undone(done, cast.city, before)


@pytest.mark.parametrize(("model", "make"), [(Laureate, make_laureate), (Worker, make_worker)])
def test_of_two_units_namesakes_without_number_become_one(model, make, cast):
    winner, loser = pair("organizations", cast.dongtai)
    kept = make(org=winner, name="周海", birth_date="1970")
    make(org=loser, name="周海", birth_date="1970")
    numbered = make(
        org=loser, name="周海", birth_date="1970-05-01", id_number=made_id_number(birth="19700501")
    )
    other = make(org=loser, name="周海", birth_date="1971")
    before = dump()
    done = merge(winner, loser, cast.city)
    assert done.folded == 1
    assert set(model.everything.filter(name="周海")) == {kept, numbered, other}
    assert undone(done, cast.city, before)


def test_the_status_a_namesake_brings_along_is_taken_back(cast):
    winner, loser = pair("organizations", cast.dongtai)
    kept = make_laureate(org=winner, name="周海", birth_date="1960")
    make_status_change(laureate=make_laureate(org=loser, name="周海", birth_date="1960"))
    before = dump()
    done = merge(winner, loser, cast.city)
    assert fresh(kept).status == "LTX"
    assert undone(done, cast.city, before)


def test_namesakes_said_to_be_two_keep_their_units_apart(cast):
    winner, loser = pair("organizations", cast.dongtai)
    people = [make_worker(org=unit, name="周海", birth_date="1970") for unit in (winner, loser)]
    duplicates.dismiss(*people, reason="已核", user=cast.city)
    before = dump()
    with pytest.raises(merging.MergeError, match=r"周海.*不是同一人"):
        merge(winner, loser, cast.city)
    assert dump() == before


def test_of_two_units_people_who_share_nothing_but_a_name_are_never_made_one(cast):
    winner, loser = pair("organizations", cast.dongtai)
    for unit in (winner, loser):
        make_worker(org=unit, name="周海")
    before = dump()
    with pytest.raises(merging.MergeError, match=r"周海.*不能确定是同一人"):
        merge(winner, loser, cast.city)
    assert dump() == before


def test_units_below_that_must_not_merge_keep_those_above_apart(cast):
    winner, loser = pair("organizations", cast.dongtai)
    make_org(parent=winner, name="一分厂", kind="enterprise")
    make_org(parent=loser, name="一分厂", kind="school")
    before = dump()
    with pytest.raises(merging.MergeError, match=r"一分厂.*类型不同"):
        merge(winner, loser, cast.city)
    assert dump() == before


def test_the_file_of_evidence_that_both_have_is_kept_for_the_undo(cast, django_capture_on_commit_callbacks):
    winner, loser = pair("laureates", cast.dongtai)
    attach(winner)
    twin = attach(loser)
    name = default_storage.save("attachments/b.pdf", ContentFile(b"%PDF-1.7"))
    Attachment.objects.filter(pk=twin.pk).update(file=name)
    before = dump()
    with django_capture_on_commit_callbacks(execute=True):
        done = merge(winner, loser, cast.city)
    assert (done.folded, Attachment.objects.count()) == (1, 1)
    assert default_storage.exists(name)
    assert undone(done, cast.city, before)
    with django_capture_on_commit_callbacks(execute=True):
        Attachment.objects.get(pk=twin.pk).delete()
    assert not default_storage.exists(name)


def test_a_namesake_entered_anew_bars_the_undo(cast, signed_in):
    winner, loser = pair("workers", cast.dongtai)
    done = merge(winner, loser, cast.city)
    make_worker(org=cast.dongtai, name=loser.name, birth_date=loser.birth_date)
    answer = signed_in(cast.city).post(f"/duplicates/merges/{done.pk}/undo/")
    assert answer.status_code == 409
    assert "姓名和出生日期" in answer.content.decode()
    with pytest.raises(IntegrityError):
        unmerging.undo(fresh(done), cast.city)
