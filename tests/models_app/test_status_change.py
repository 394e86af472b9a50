"""Status changes: what an approval does to the laureate."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from models_app.models import ActivityRecord, ChangeKind, LaureateStatus, StatusChange
from models_app.models.status_change import RESULTING_STATUS
from mofu.accounts.models import Role
from tests.makers import make_activity_record, make_laureate, make_status_change, make_user

pytestmark = pytest.mark.django_db


def status_of(laureate):
    laureate.refresh_from_db()
    return laureate.status


def test_every_kind_of_change_has_a_result():
    assert set(RESULTING_STATUS) == set(ChangeKind)


def test_death_counts_once_the_city_has_approved_it():
    laureate = make_laureate()
    change = StatusChange(laureate=laureate, kind=ChangeKind.DEAD, happened_on="2024-06-20")
    change.stamp(make_user(Role.COUNTY, laureate.org))
    change.save()
    assert status_of(laureate) == LaureateStatus.IN_SERVICE
    change.submit(change.created_by)
    change.approve(make_user())
    change.save()
    assert status_of(laureate) == LaureateStatus.DEAD


def test_older_change_entered_late_does_not_undo_a_newer_one():
    laureate = make_laureate(status=LaureateStatus.DEAD)
    make_status_change(laureate=laureate, kind=ChangeKind.DEAD, happened_on="2024-06")
    change = StatusChange(laureate=laureate, kind=ChangeKind.RETIRED, happened_on="2020")
    change.stamp(make_user())
    change.save()
    assert status_of(laureate) == LaureateStatus.DEAD


def test_revocation_needs_a_reason_and_no_change_lies_in_the_future():
    change = StatusChange(laureate=make_laureate(), kind=ChangeKind.REVOKED, happened_on="2999-01")
    with pytest.raises(ValidationError) as caught:
        change.full_clean()
    assert {"reason", "happened_on"} <= set(caught.value.message_dict)


def test_activity_in_the_future_is_refused_and_found_by_the_person():
    record = make_activity_record(laureate=make_laureate(name="周敏"), title="进社区")
    assert list(ActivityRecord.everything.search("zm")) == [record]
    assert list(ActivityRecord.everything.in_year(2024)) == [record]
    record.date = record.date.replace(year=2999)
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    assert "不能晚于今天" in caught.value.message_dict["date"][0]


def approved_change(laureate, kind, on):
    change = StatusChange(laureate=laureate, kind=kind, happened_on=on)
    change.stamp(make_user())
    change.save()
    return change


def county_edits(change):
    change.stamp(make_user(Role.COUNTY, change.laureate.org))
    change.save()


def city_returns(change):
    change.send_back(make_user(), "请补依据")
    change.save()


@pytest.mark.parametrize("undo", [county_edits, city_returns, StatusChange.delete])
def test_status_goes_back_when_a_change_no_longer_holds(undo):
    laureate = make_laureate(status=LaureateStatus.FARMER)
    approved_change(laureate, ChangeKind.LOST_TOUCH, "2020")
    moved = approved_change(laureate, ChangeKind.MOVED_AWAY, "2024-06")
    undo(moved)
    assert status_of(laureate) == LaureateStatus.LOST_TOUCH
    undo(StatusChange.everything.get(happened_on="2020"))
    assert status_of(laureate) == LaureateStatus.FARMER


def test_status_before_all_changes_outlives_the_first_of_them():
    laureate = make_laureate(status=LaureateStatus.FARMER)
    retired = approved_change(laureate, ChangeKind.RETIRED, "2020")
    dead = approved_change(laureate, ChangeKind.DEAD, "2024")
    retired.delete()
    assert status_of(laureate) == LaureateStatus.DEAD
    dead.delete()
    assert status_of(laureate) == LaureateStatus.FARMER


def test_draft_deleted_and_status_typed_since_leave_the_status():
    laureate = make_laureate()
    make_status_change(laureate=laureate, kind=ChangeKind.DEAD, review_state="draft").delete()
    assert status_of(laureate) == LaureateStatus.IN_SERVICE
    change = approved_change(laureate, ChangeKind.RETIRED, "2020")
    laureate.refresh_from_db()
    laureate.status = LaureateStatus.DEAD
    laureate.save()
    change.delete()
    assert status_of(laureate) == LaureateStatus.DEAD


def test_change_entered_for_the_wrong_person_moves_with_its_effect():
    wrong, right = make_laureate(), make_laureate()
    change = approved_change(wrong, ChangeKind.DEAD, "2024")
    change.laureate = right
    change.save()
    assert (status_of(wrong), status_of(right)) == (LaureateStatus.IN_SERVICE, LaureateStatus.DEAD)
