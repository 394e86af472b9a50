"""Long work: claimed once, cancelled, interrupted, run again, seen by its owner alone."""

import time

import pytest
from django.core.cache import cache

from mofu.accounts.context import current
from mofu.accounts.models import TrailEntry
from mofu.registers import jobs
from mofu.registers.models import Job, JobState
from tests.makers import make_laureate


@pytest.fixture
def work(monkeypatch):
    """Declare a kind of job for one test; the function may be replaced."""

    def declare(function):
        monkeypatch.setitem(jobs._KINDS, "test", function)

    declare(lambda job, progress: None)
    return declare


@pytest.fixture
def job(cast, work):
    return Job.objects.create(kind="test", title="测试任务", owner=cast.county)


def test_work_is_done_in_the_name_of_its_owner(cast, work, job):
    seen = []
    work(lambda job, progress: seen.append(current()))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, seen[0].user, seen[0].source) == (JobState.DONE, cast.county, "job")


def test_a_job_is_claimed_only_once(work, job):
    runs = []
    work(lambda job, progress: runs.append(job.pk))
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert runs == [job.pk]


def test_a_wish_to_cancel_stops_the_work_at_its_next_step(cast, work, job):
    def long(job, progress):
        make_laureate(org=cast.dongtai)
        jobs.cancel(job)
        progress.step(1, 2)
        raise AssertionError("went on")

    work(long)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "没有写入" in job.message


def test_a_waiting_job_is_cancelled_without_starting(work, job):
    jobs.cancel(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.started_at) == (JobState.CANCELLED, None)


def test_a_failure_is_told_without_details_and_can_be_run_again(work, job):
    def broken(job, progress):
        raise ZeroDivisionError

    work(broken)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "ZeroDivision" not in job.message
    assert str(job.pk) in job.message
    assert job.may_run_again
    assert jobs.again(job)
    assert job.state == JobState.WAITING
    assert not jobs.again(job), "it waits already"


def test_a_refusal_is_told_in_its_own_words(work, job):
    def refuse(job, progress):
        raise jobs.Refused("文件里没有数据。")

    work(refuse)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "文件里没有数据。")


def test_a_silent_process_counts_as_interrupted(job):
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    cache.set(f"job:{job.pk}", (1, 2, "写入", time.time() - jobs.SILENT - 1))
    job.refresh_from_db()
    assert jobs.progress_of(job) == (1, 2, "写入")
    assert job.state == JobState.INTERRUPTED
    assert job.may_run_again


def test_a_clock_set_back_does_not_keep_a_dead_job_alive(job):
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    cache.set(f"job:{job.pk}", (1, 2, "写入", time.time() + 24 * 3600))
    job.refresh_from_db()
    jobs.progress_of(job)
    assert job.state == JobState.INTERRUPTED


def test_a_process_that_gives_signs_of_life_goes_on(job):
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    cache.set(f"job:{job.pk}", (1, 2, "写入", time.time()))
    job.refresh_from_db()
    jobs.progress_of(job)
    assert job.state == JobState.RUNNING


def test_pages_show_progress_and_belong_to_the_owner(cast, work, job, signed_in):
    client, other = signed_in(cast.county), signed_in(cast.other)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "测试任务" in page
    assert "等待处理" in page
    assert "测试任务" in client.get("/jobs/").content.decode()
    assert "测试任务" not in other.get("/jobs/").content.decode()
    for path in ("", "result/"):
        assert other.get(f"/jobs/{job.pk}/{path}").status_code == 404
    for path in ("cancel/", "again/"):
        assert other.post(f"/jobs/{job.pk}/{path}").status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_the_owner_cancels_and_runs_again_from_the_page(cast, work, job, signed_in):
    client = signed_in(cast.county)
    client.post(f"/jobs/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "重新运行" in client.get(f"/jobs/{job.pk}/").content.decode()
    client.post(f"/jobs/{job.pk}/again/", {"next": "/jobs/"})
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_htmx_is_led_to_the_result(cast, work, job, signed_in):
    work(lambda job, progress: setattr(job, "url", "/laureates/"))
    jobs.run(job.pk)
    answer = signed_in(cast.county).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/laureates/"
    assert signed_in(cast.county).get(f"/jobs/{job.pk}/")["Location"] == "/laureates/"


def test_a_result_is_sealed_at_rest_and_its_fetching_is_on_the_trail(cast, work, job, signed_in):
    work(lambda job, progress: jobs.keep_result(job, "张三的名单".encode(), "名单.txt"))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert "张三".encode() not in bytes(job.result.content)
    answer = signed_in(cast.county).get(f"/jobs/{job.pk}/result/")
    assert b"".join(answer.streaming_content).decode() == "张三的名单"
    assert "名单.txt" in TrailEntry.objects.latest("pk").reason
