"""Demo studios with members and outcomes, and mentorships with notes and appraisals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from actions.demo import MARK, names
from actions.demo.storing import store, told_apart
from actions.demo.world import World
from actions.models import (
    AppraisalGrade,
    Founder,
    Mentorship,
    MentorshipNote,
    OutcomeKind,
    Studio,
    StudioCategory,
    StudioLevel,
    StudioMember,
    StudioOutcome,
    StudioStatus,
    Worker,
)
from models_app.models import Laureate, SkillLevel
from mofu.registers.partial_dates import PartialDate

STUDIOS_A_YEAR = 195
PAIRS_A_YEAR = 110
_NOTES = (
    "示范焊缝返修要领，徒弟独立完成一件。",
    "讲解图纸与工艺卡，布置练习。",
    "共同排除设备故障，总结成操作要点。",
    "检查练习件，尺寸合格。",
)
_OUTCOMES = {
    OutcomeKind.PATENT: "一种{}装置", OutcomeKind.METHOD: "{}操作法", OutcomeKind.PROJECT: "{}攻关课题",
    OutcomeKind.FIVE_SMALL: "{}小改进", OutcomeKind.AWARD: "{}技能竞赛获奖",
}  # fmt: skip


def make_studios(world: World, workers: list[Worker]) -> list[Studio]:
    """Make the studios created since the programme began, and return those that stand."""
    names_taken: set[tuple[int, str]] = set()
    studios = []
    for year in world.years:
        for _ in range(world.share_of(year, STUDIOS_A_YEAR)):
            studio = _studio(world, year)
            if (studio.org.pk, studio.name) not in names_taken:
                names_taken.add((studio.org.pk, studio.name))
                studios.append(studio)
    store(studios)
    store([member for studio in studios for member in _members(world, studio, workers)])
    store([outcome for studio in studios for outcome in _outcomes(world, studio)])
    return studios


def _studio(world: World, year: int) -> Studio:
    rng, leader = world.rng, world.rng.choice(world.counted())
    day = world.day_in(year)
    studio = Studio(leader=leader, org=leader.org, chain=leader.chain, address=leader.org.address)
    subject = leader.specialties.partition("、")[0]
    studio.name = leader.name + rng.choice(["劳模创新工作室", "工匠创新工作室", f"{subject}工作室"])
    studio.category = rng.choices(list(StudioCategory), [68, 12, 8, 12])[0]
    studio.level = rng.choices(list(StudioLevel), [1, 5, 24, 34, 36])[0]
    studio.founder = rng.choices(list(Founder), [14, 22, 38, 26])[0]
    studio.created_on = PartialDate(day.isoformat() if rng.random() < 0.7 else f"{day:%Y-%m}")
    studio.document_no = f"演示工〔{year}〕{rng.randint(1, 80)}号"
    studio.area, studio.funds_wan = Decimal(rng.randint(20, 200)), Decimal(rng.randint(5, 300)) / 10
    _standing(world, studio, day)
    world.settle(studio, leader.org, day)
    return studio


def _standing(world: World, studio: Studio, day: date) -> None:
    """Give status, flags and a few words."""
    rng = world.rng
    recent = day > world.today - timedelta(days=60)
    early = [StudioStatus.APPLIED, StudioStatus.REVIEWING, StudioStatus.PUBLICISED]
    settled = [StudioStatus.NAMED, StudioStatus.RECONFIRMED, StudioStatus.RECTIFYING, StudioStatus.REVOKED]
    studio.status = (
        rng.choice(early) if recent and rng.random() < 0.4 else rng.choices(settled, [80, 16, 3, 1])[0]
    )
    if studio.status == StudioStatus.RECONFIRMED:
        studio.reconfirmed_on = PartialDate(world.day(day, world.today).isoformat())
    studio.is_new_quality = rng.random() < 0.08
    studio.new_quality_reason = (
        f"{MARK}：围绕{studio.leader.specialties}开展数智化攻关" if studio.is_new_quality else ""
    )
    studio.is_demonstration = rng.random() < 0.1
    studio.summary = f"{MARK}：由{studio.leader.name}领衔，开展{studio.leader.specialties}技术攻关与带徒。"


def _members(world: World, studio: Studio, workers: list[Worker]) -> list[StudioMember]:
    near = [one for one in workers if one.org.board_path == studio.org.board_path] or workers
    chosen = world.rng.sample(near, min(world.rng.randint(2, 6), len(near)))
    joined = studio.created_on
    return [StudioMember(studio=studio, worker=one, role=one.trade, joined_on=joined) for one in chosen]


def _outcomes(world: World, studio: Studio) -> list[StudioOutcome]:
    rng, made = world.rng, []
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        kind = rng.choice(list(_OUTCOMES))
        year = rng.randint(studio.created_on.year, world.today.year)
        title = _OUTCOMES[kind].format(rng.choice(names.SPECIALTIES)) + "（演示）"
        made.append(StudioOutcome(studio=studio, kind=kind, title=title, year=year, trained=rng.randint(0, 40),
                                  benefit_wan=Decimal(rng.randint(0, 8000)) / 100))  # fmt: skip
    return made


def make_mentorships(world: World, workers: list[Worker], studios: list[Studio]) -> None:
    """Make the pairs of each year with their notes; those that ended were appraised."""
    by_leader = {studio.leader_id: studio for studio in studios}
    made = [
        _pair(world, year, workers, by_leader)
        for year in world.years
        for _ in range(world.share_of(year, PAIRS_A_YEAR))
    ]
    others = [pair for pair in made if not pair.apprentice.is_laureate(pair.master)]
    pairs = told_apart(others, "master_id", "apprentice_id")
    store(pairs)
    store([note for pair in pairs for note in _notes(world, pair)])


def _pair(world: World, year: int, workers: list[Worker], by_leader: dict[int, Studio]) -> Mentorship:
    rng, master = world.rng, world.rng.choice(world.counted())
    near = [one for one in workers if one.org.board_path == master.org.board_path] or workers
    pair = Mentorship(master=master, apprentice=rng.choice(near), started_on=world.day_in(year))
    studio = by_leader.get(master.pk)
    pair.studio = studio if studio and studio.created_on <= pair.started_on.isoformat() else None
    pair.ends_on = pair.started_on + timedelta(days=rng.choice([365, 365, 730]))
    pair.agreement_no = f"演示师徒{year}-{rng.randint(1, 9999):04d}"
    pair.goal = f"{MARK}：一年内掌握{master.specialties}，技能等级提升一级。"
    pair.level_before = pair.apprentice.skill_level or SkillLevel.APPRENTICE
    if pair.ends_on < world.today and rng.random() < 0.85:
        _finish(world, pair)
    world.settle(pair, master.org, pair.started_on)
    return pair


def _finish(world: World, pair: Mentorship) -> None:
    rng = world.rng
    pair.ended_on = pair.appraised_on = pair.ends_on
    pair.appraisal_grade = rng.choices(list(AppraisalGrade), [30, 65, 5])[0]
    pair.appraisal_comment = f"{MARK}：{pair.get_appraisal_grade_display()}"
    rose = pair.appraisal_grade != AppraisalGrade.FAILED and rng.random() < 0.7
    pair.level_after = min(SkillLevel.CHIEF_TECHNICIAN, pair.level_before + rose)
    pair.result = f"晋升{pair.get_level_after_display()}" if rose else ""


def _notes(world: World, pair: Mentorship) -> list[MentorshipNote]:
    last = min(pair.ended_on or world.today, world.today)
    months = min(6, max(0, (last - pair.started_on).days // 30))
    days = [pair.started_on + timedelta(days=30 * number + 12) for number in range(months)]
    return [
        MentorshipNote(mentorship=pair, date=day, text=f"{MARK}：{world.rng.choice(_NOTES)}") for day in days
    ]


def master_of(world: World, worker: Worker) -> Laureate:
    """Return a laureate near a worker, to lead him or her."""
    return world.rng.choice(world.counted(worker.org))
