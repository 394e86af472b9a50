"""What was taken from somebody is gone with their next request, on every page of the table (figure 4).

Each address that somebody may ask before is asked again, in the session they have, after the role was taken, the unit
was changed or the account was switched off; the answer has to be the one for who they are now.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from models_app.models import Laureate
from mofu.accounts.models import Organization, OrganizationKind, Role, TrailEntry, User
from mofu.entrance import accounts
from mofu.registers import jobs
from mofu.registers.models import ImportBatch, Job, JobState, SavedView
from tests.access.asking import FORBIDDEN, HIDDEN, OK, SIGN_IN, ask, logged
from tests.access.cases import KNOWN, Case
from tests.access.people import PARENTS, PERSONAS
from tests.access.table import DOOR, LINES, OWNED
from tests.entrance.visitors import confirmed, is_in, sign_in
from tests.makers import make_laureate, make_org, make_studio
from tests.registers.sheets_of import workbook_bytes

pytestmark = pytest.mark.django_db
GONE_WITH_STANDING = {"job", "batch"}  # begun in the role and unit of then
PERSONAL = {"registers:jobs", "registers:large_text", "actions:home"}  # there for everybody signed in


def is_tried(name, *, door):
    """Whether an address is asked; of the administration, which has one door for all its pages, the lists alone."""
    if name.startswith("admin:"):
        return name.endswith("_changelist")
    return name in KNOWN and (door or name not in DOOR)


def could(persona, places=("", "own"), *, door=False):
    """Return the cases in which ``persona`` gets what they ask for; ``door``: pages about one's own session, too."""
    for name, lines in LINES.items():
        for line in lines if is_tried(name, door=door) else ():
            for place in [place for place in places if bool(place) == bool(line.of)]:
                for method in [
                    method for method, mark in (("GET", "G"), ("POST", "P")) if mark in line.methods
                ]:
                    case = Case(name, line, persona, place, method)
                    if case.expected == {OK} and not line.anyone:
                        yield case


def answered(world, cases, hidden, known=()):
    """Ask all cases; return each with its verdict, and what any answer told that it should not have."""
    told, verdicts = [], []
    with logged():
        for case in cases:
            url = case.url(world)
            sent = (
                dict(parse_qsl(urlsplit(url).query)) if case.line.of == "paper" else {}
            )  # a form sends its keys
            answer = ask(world, case.persona, case.method, url, case.line.data | sent)
            verdicts.append((case, answer.verdict, answer.changed))
            told += [f"{case}: {text}" for text in set(hidden.findall(answer.text)) - set(known)]
    return verdicts, told


def own_words(world, persona):
    """Return what somebody wrote into their own views, which stay theirs."""
    views = SavedView.objects.filter(owner=world.users[persona])
    return {word for view in views for word in (view.name, view.title, *(title for _, title in view.columns))}


def surprises(verdicts, expected):
    """Return what was answered otherwise than expected, or changed something though it was refused."""
    wrong = []
    for case, verdict, changed in verdicts:
        allowed = expected(case)
        if verdict not in allowed or (OK not in allowed and changed):
            wrong.append(f"{case}: {verdict} {changed or ''}, expected {'/'.join(allowed)}")
    return wrong


def prepared(world, cases):
    """Make what the addresses name, before anything is taken away."""
    found = list(cases)
    for case in found:
        case.url(world)
    ImportBatch.objects.update(counts={"new": 1, "errors": 1, "questions": 0, "skipped": 0})
    return found


def change(world, persona, **values):
    """Change an account as an administrator does, without ending its sessions."""
    account = User.objects.get(pk=world.users[persona].pk)
    for name, value in values.items():
        setattr(account, name, value)
    account.save()


def after_change(case, persona, *, same_standing=False):
    """Return what ``persona`` is answered where the case was another's."""
    expected = replace(case, persona=persona).expected
    if case.line.of in GONE_WITH_STANDING and not same_standing:
        return {HIDDEN} if expected == {OK} else expected | {HIDDEN}
    return expected


@pytest.mark.parametrize("persona", ["county clerk", "county admin", "city staff", "auditor"])
def test_who_is_switched_off_is_out_on_every_page(persona, world):
    cases = prepared(world, could(persona, door=True))
    assert len(cases) > 30
    accounts.disable(User.objects.get(pk=world.users[persona].pk), "离岗")
    verdicts, told = answered(world, cases, world.forbidden(PERSONAS["anonymous"]))
    assert surprises(verdicts, lambda case: {SIGN_IN}) == []
    assert told == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("county clerk", "county leader"), ("county admin", "county clerk"), ("city staff", "auditor"), ("city admin", "city leader")],
)  # fmt: skip
def test_a_role_that_was_taken_is_gone_on_every_page(was, becomes, world):
    taken = [case for case in could(was) if after_change(case, becomes) != {OK}]
    cases = prepared(world, taken)
    assert len(cases) >= 10
    change(world, was, role=PERSONAS[becomes].role)
    verdicts, told = answered(world, cases, world.forbidden(PERSONAS[becomes]))
    assert surprises(verdicts, lambda case: after_change(case, becomes)) == []
    assert told == []


def without_unit(case):
    """Return what somebody without a unit is answered."""
    if case.name.startswith("admin:"):
        return {SIGN_IN}
    return {OK} if case.name in PERSONAL else {FORBIDDEN, HIDDEN}


@pytest.mark.parametrize("persona", ["county clerk", "county admin", "city staff", "city admin"])
def test_who_has_no_unit_any_longer_sees_nothing_on_any_page(persona, world):
    cases = prepared(world, could(persona))
    change(world, persona, organization=None, role=PERSONAS[persona].role)
    verdicts, told = answered(world, cases, world.forbidden(PERSONAS["anonymous"]), own_words(world, persona))
    assert surprises(verdicts, without_unit) == []
    assert told == []


@pytest.mark.parametrize("persona", ["county clerk", "county admin"])
def test_who_changes_to_another_unit_leaves_the_old_one_behind_on_every_page(persona, world, monkeypatch):
    cases = prepared(world, could(persona))
    monkeypatch.setitem(PERSONAS, persona, replace(PERSONAS[persona], unit="射"))
    change(world, persona, organization=Organization.everything.get(pk=world.units["射"].pk))
    asked = [case for case in cases if case.method == "GET" or after_change(case, persona) != {OK}]
    verdicts, told = answered(world, asked, world.forbidden(PERSONAS[persona]), own_words(world, persona))
    assert surprises(verdicts, lambda case: after_change(case, persona)) == []
    assert told == []
    assert {HIDDEN} in [after_change(case, persona) for case in cases]


def test_a_unit_that_was_moved_is_gone_for_the_county_it_left_on_every_page(world, monkeypatch):
    persona = "county clerk"
    cases = prepared(world, could(persona, ("", "child")))
    monkeypatch.setitem(PARENTS, "甲", "射")
    moved = Organization.everything.get(pk=world.units["甲"].pk)
    moved.parent = Organization.everything.get(pk=world.units["射"].pk)
    moved.save()
    asked = [case for case in cases if case.method == "GET" or case.place]
    verdicts, told = answered(world, asked, world.forbidden(PERSONAS[persona]))

    def expected(case):  # a file that was made before may hold rows of the unit that left
        return (
            {HIDDEN}
            if case.name == "registers:job-result"
            else after_change(case, persona, same_standing=True)
        )

    assert surprises(verdicts, expected) == []
    assert told == []
    assert any(case.place == "child" and case.line.seen_by != OWNED for case in cases)


def test_all_sessions_of_a_disabled_user_die_and_stay_dead(cast):
    one, two = confirmed(cast.county), confirmed(cast.county)
    accounts.disable(cast.county, "离岗")
    assert not is_in(one)
    assert not is_in(two)
    assert sign_in(Client(), "county").status_code == 200
    accounts.enable(User.objects.get(pk=cast.county.pk), "返岗")
    assert not is_in(one)
    assert not is_in(two)


@pytest.mark.parametrize(
    "values", [{"is_active": False}, {"role": Role.LEADER}, {"organization": None}, {"organization": "sheyang"}], ids=str
)  # fmt: skip
@pytest.mark.parametrize("kind", sorted(jobs._KINDS))
def test_work_that_waits_is_not_done_for_who_is_another_by_now(kind, values, cast, monkeypatch):
    done = []
    monkeypatch.setitem(jobs._KINDS, kind, lambda job, progress: done.append(job.pk))
    job = Job.objects.create(kind=kind, title="等待", owner=cast.county)
    for name, value in values.items():
        setattr(
            cast.county,
            name,
            getattr(cast, value) if isinstance(value, str) and name == "organization" else value,
        )
    cast.county.save()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (done, job.state) == ([], JobState.FAILED)
    assert "已变动" in job.message


def test_who_comes_back_to_a_unit_finds_their_files_again(cast, signed_in):
    job = Job.objects.create(kind="export", title="导出", owner=cast.county, state=JobState.DONE)
    jobs.keep_result(job, b"x", "a.xlsx")
    job.save()
    client = signed_in(cast.county)
    for unit, status in ((cast.sheyang, 404), (cast.dongtai, 200)):
        cast.county.organization = unit
        cast.county.save()
        assert client.get(f"/jobs/{job.pk}/result/").status_code == status


def test_a_record_handed_to_another_unit_is_gone_with_the_next_request(cast, signed_in):
    studio = make_studio(org=cast.dongtai)
    client = signed_in(cast.county)
    assert client.get(f"/studios/{studio.pk}/").status_code == 200
    studio.org = cast.sheyang
    studio.save()
    assert client.get(f"/studios/{studio.pk}/").status_code == 404
    assert TrailEntry.objects.filter(action="refused", actor=cast.county).exists()


# imports --------------------------------------------------------------------------------------------------------

HEAD = ["姓名", "人员类别", "工作单位", "职务"]


@pytest.fixture
def factory(cast):
    return make_org(name="新海化工厂", parent=cast.dongtai, kind=OrganizationKind.ENTERPRISE)


def uploaded(client, unit):
    file = SimpleUploadedFile("花名册.xlsx", workbook_bytes(HEAD, ["张三", "劳动模范", unit.name, "班长"]))
    return client.post("/laureates/import/", {"file": file}).url


def moved(unit, parent):
    unit.parent = parent
    unit.save()


def test_an_import_is_not_taken_back_from_a_unit_that_has_gone(cast, factory, signed_in):
    client = signed_in(cast.county)
    address = uploaded(client, factory)
    client.post(address, {"action": "draft"})
    person = Laureate.everything.get(name="张三")
    moved(factory, cast.sheyang)
    answer = client.post(address, {"action": "undo"}, follow=True)
    assert "其中 1 条记录已不在您的查看范围内" in answer.content.decode()
    assert Laureate.everything.filter(pk=person.pk).exists()
    moved(factory, cast.dongtai)
    assert "已撤销" in client.post(address, {"action": "undo"}, follow=True).content.decode()


def test_a_preview_made_before_a_unit_left_is_not_shown_any_longer(cast, factory, signed_in):
    make_laureate(org=factory, name="张三", position="旧职务")
    client = signed_in(cast.county)
    address = uploaded(client, factory)
    assert client.get(f"{address}?tab=changed").status_code == 200
    moved(factory, cast.sheyang)
    for page in ("", "?tab=changed", "refused.xlsx"):
        assert client.get(f"{address}{page}").status_code == 404
    assert client.post(address, {"action": "draft"}).status_code == 404
    assert Laureate.everything.get(org=factory).position == "旧职务"


def test_a_move_elsewhere_takes_nothing_from_the_city_nor_one_within_the_county(cast, factory, signed_in):
    township = make_org(name="某镇", parent=cast.dongtai)
    county, city = signed_in(cast.county), signed_in(cast.city)
    addresses = [(county, uploaded(county, factory)), (city, uploaded(city, factory))]
    moved(factory, township)
    assert [client.get(address).status_code for client, address in addresses] == [200, 200]
