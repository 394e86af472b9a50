"""Long work in the background: started by a page, done by ``manage.py db_worker``, watched and cancelled by its owner.

A kind of job is one function, declared with :func:`kind`. It reports through :class:`Progress`, which also hears of a
wish to cancel. Progress travels through the cache and not through the database: the work may hold SQLite's only write
lock. A process that died is told by its silence (:data:`SILENT`); its job then counts as interrupted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from mofu.accounts import trail_blocks
from mofu.accounts.context import Acting, acting, current
from mofu.accounts.models import User
from mofu.encryption import seal, unseal
from mofu.registers.models import Job, JobResult, JobState

logger = logging.getLogger(__name__)

BEAT, SILENT = 3, 30  # seconds between signs of life; seconds after which a job's process counts as dead
SHOWN_EVERY = 0.3  # seconds between two reports of progress
KEPT = 7 * 24 * 3600  # seconds that progress is remembered
_KINDS: dict[str, Callable[[Job, Progress], None]] = {}


class Cancelled(Exception):  # noqa: N818 - the owner's wish, not a failure
    """The owner wants the work to stop; whatever transaction is open is rolled back."""


class Refused(Exception):  # noqa: N818 - an answer for the user, not a failure of the program
    """The work cannot be done; the message tells the owner why."""


def kind(name: str) -> Callable[[Callable[[Job, Progress], None]], Callable[[Job, Progress], None]]:
    """Declare the function that does the jobs of a kind."""

    def declare(work: Callable[[Job, Progress], None]) -> Callable[[Job, Progress], None]:
        _KINDS[name] = work
        return work

    return declare


class Progress:
    """How far a job is; ``step`` raises Cancelled when its owner wants it to stop."""

    def __init__(self, job_id: int) -> None:
        self._key, self._next, self.words = _key(job_id), 0.0, ""
        self.done = self.total = 0

    def step(self, done: int, total: int, words: str = "") -> None:
        """Note that ``done`` of ``total`` is done, at most a few times a second."""
        self.done, self.total, self.words = done, total, words or self.words
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SHOWN_EVERY
            self.beat()
            if cache.get(f"{self._key}:cancel"):
                raise Cancelled

    def beat(self) -> None:
        """Leave a sign of life."""
        cache.set(self._key, (self.done, self.total, self.words, time.time()), KEPT)


class Silent(Progress):
    """The progress of work that nobody watches."""

    def __init__(self) -> None:
        super().__init__(0)

    def step(self, done: int, total: int, words: str = "") -> None:
        """Note nothing."""


def start(
    kind_name: str,
    title: str,
    owner: User,
    *,
    at_once: bool = False,
    url: str = "",
    link: Callable[[Job], None] = lambda _job: None,
    **params: Any,
) -> Job:
    """Start a job: in the background, or ``at_once`` where the owner had better wait the second it takes.

    ``link`` is called before the work begins, so that whatever the job is about knows of it even if the process dies;
    where it raises there is no job.
    """
    who = current()
    params |= {"ip": who.ip, "request_id": who.request_id}
    with transaction.atomic():
        job = Job.objects.create(kind=kind_name, title=title[:200], owner=owner, params=params, url=url)
        link(job)
    _forget_progress(job)  # keys come again after a restore
    _run_soon(job, at_once=at_once)
    return job


def again(job: Job) -> bool:
    """Run an interrupted, failed or cancelled job once more; False when somebody else has done so."""
    ended = (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
    _forget_progress(job)
    changed = Job.objects.filter(pk=job.pk, state__in=ended).update(
        state=JobState.WAITING, message="", created_at=timezone.now(), started_at=None, finished_at=None
    )
    if changed:
        job.refresh_from_db()
        _run_soon(job, at_once=False)
    return bool(changed)


def _run_soon(job: Job, *, at_once: bool) -> None:
    if at_once:
        run(job.pk)
        job.refresh_from_db()
    else:
        transaction.on_commit(lambda: perform.enqueue(job.pk))


@task
def perform(job_id: int) -> None:
    """Do a job; the task that the worker runs."""
    run(job_id)


def run(job_id: int) -> None:
    """Do a job now: claim it, work as its owner, note how it ended."""
    claimed, now = Job.objects.filter(pk=job_id, state=JobState.WAITING), timezone.now()
    if not claimed.update(state=JobState.RUNNING, started_at=now):
        return
    job = Job.objects.select_related("owner__organization").get(pk=job_id)
    who = Acting(job.owner, job.params.get("ip", ""), job.params.get("request_id", ""), "job")
    progress = Progress(job_id)
    with acting(who), _alive(progress):
        state, message = _ended(job, progress)
    fields = {"state": state, "message": message[:500], "finished_at": timezone.now()}
    fields |= {"url": job.url, "result_name": job.result_name}
    # Also where it was taken for dead meanwhile; not where it was started once more.
    Job.objects.filter(pk=job_id, started_at=now).update(**fields)
    trail_blocks.close_when_due()


def _ended(job: Job, progress: Progress) -> tuple[str, str]:
    try:
        if not job.is_still_allowed:
            return JobState.FAILED, "您的账号已停用，或角色、单位已变动，没有处理。"
        _KINDS[job.kind](job, progress)
    except Cancelled:
        return JobState.CANCELLED, "已按您的要求取消，没有写入任何数据。"
    except Refused as refusal:
        return JobState.FAILED, str(refusal)
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        return (
            JobState.FAILED,
            f"处理时出现意外错误，没有写入任何数据。请重新运行；仍不成功请把编号 {job.pk} 告诉系统管理员。",
        )
    return JobState.DONE, job.message


@contextmanager
def _alive(progress: Progress) -> Iterator[None]:
    """Leave signs of life while one long statement runs, too."""
    over = threading.Event()

    def beat() -> None:
        progress.beat()
        while not over.wait(BEAT):
            progress.beat()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def cancel(job: Job) -> None:
    """Ask a running job to stop; one that waits stops at once."""
    cache.set(f"{_key(job.pk)}:cancel", value=True, timeout=KEPT)
    waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
    waiting.update(state=JobState.CANCELLED, finished_at=timezone.now(), message="已取消，没有开始处理。")


def progress_of(job: Job) -> tuple[int, int, str]:
    """Return done, total and words of a running job; one whose process fell silent becomes interrupted.

    A sign of life from the future says that the clock was set back, and that nobody has given one since.
    """
    done, total, words, beat = cache.get(_key(job.pk)) or (
        0,
        0,
        "",
        job.started_at and job.started_at.timestamp(),
    )
    if job.state == JobState.RUNNING and beat is not None and abs(time.time() - beat) > SILENT:
        interrupt(job)
    return done, total, words


def interrupt(job: Job) -> None:
    """Note that a job's process died: its transaction is rolled back, it can be run again."""
    gone = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
    words = "后台处理程序中断，没有写入任何数据，可以重新运行。"
    gone.update(state=JobState.INTERRUPTED, finished_at=timezone.now(), message=words)
    job.refresh_from_db()


def waits_in_vain(job: Job) -> bool:
    """Whether a job has waited so long that no worker seems to run."""
    return job.state == JobState.WAITING and (timezone.now() - job.created_at).total_seconds() > SILENT


def keep_result(job: Job, content: bytes, name: str) -> None:
    """Keep a file for the job's owner, encrypted: it may hold personal data."""
    JobResult.objects.update_or_create(job=job, defaults={"content": seal(content)})
    job.result_name = name[-200:]


def result_of(job: Job) -> bytes:
    """Return the file that a job has made; raise JobResult.DoesNotExist when it was not kept any longer."""
    return unseal(bytes(job.result.content))


def forget_old() -> None:
    """Delete results that nobody fetched in time."""
    outdated_results(timezone.now()).delete()


def outdated_results(now: datetime) -> QuerySet[JobResult]:
    """Return the files that are kept no longer."""
    return JobResult.objects.filter(
        job__created_at__lt=now - timedelta(days=settings.RETENTION_DAYS["results"])
    )


def _forget_progress(job: Job) -> None:
    cache.delete_many([_key(job.pk), f"{_key(job.pk)}:cancel"])


def _key(job_id: int) -> str:
    return f"job:{job_id}"
