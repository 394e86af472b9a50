"""The pages of long work: progress, cancelling, running again, the file it made. Each job is its owner's alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from mofu.accounts import moves, trail
from mofu.registers import jobs
from mofu.registers.models import Job, JobResult, JobState
from mofu.registers.views.lists import download
from mofu.registers.views.review import back

PAGE = 20


def progress_context(job: Job) -> dict[str, Any]:
    """Return what ``registers/job_box.html`` shows: the job, how far it is, whether nobody works on it."""
    done, total, words = jobs.progress_of(job)
    percent = min(100, round(100 * done / total)) if total else 0
    context = {"job": job, "done": done, "total": total, "words": words, "percent": percent}
    return context | {"nobody_works": jobs.waits_in_vain(job)}


class OwnJobView(View):
    """Base: the owner's jobs, everything else is 404."""

    def job(self, pk: int) -> Job:
        """Return the job."""
        return get_object_or_404(Job.objects.of(self.request.user), pk=pk)


class JobListView(View):
    """``/jobs/``: the user's jobs, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; what has fallen silent is shown as interrupted."""
        page = Paginator(Job.objects.of(request.user), PAGE).get_page(request.GET.get("page"))
        for job in page:
            if job.is_open:
                jobs.progress_of(job)
        return render(request, "registers/jobs.html", {"page_obj": page, "jobs": list(page)})


class JobView(OwnJobView):
    """``/jobs/<pk>/``: progress; once done, htmx and plain visits are led to what came of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far the job is."""
        job = self.job(pk)
        context = progress_context(job)
        here = reverse("registers:job", args=[pk])
        if request.htmx:
            response = render(request, "registers/job_box.html", context)
            if not job.is_open:
                response["HX-Redirect"] = job.url or here
            return response
        if job.state == JobState.DONE and job.url and job.url != here:
            return redirect(job.url)
        return render(request, "registers/job.html", context)


class CancelJobView(OwnJobView):
    """``/jobs/<pk>/cancel/``: POST asks it to stop."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then go back to the progress."""
        jobs.cancel(self.job(pk))
        messages.success(request, "已请求取消，正在停止。")
        return back(request, reverse("registers:job", args=[pk]))


class AgainJobView(OwnJobView):
    """``/jobs/<pk>/again/``: POST runs an interrupted, failed or cancelled job once more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start it again."""
        if not jobs.again(self.job(pk)):
            messages.warning(request, "任务已在处理或已完成，没有重复运行。")
        return back(request, reverse("registers:job", args=[pk]))


class JobResultView(OwnJobView):
    """``/jobs/<pk>/result/``: the file it made, for its owner alone; fetching it stands on the trail."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the file."""
        job = self.job(pk)
        if job.state != JobState.DONE or not JobResult.objects.filter(job=job).exists():
            raise Http404("文件还没有生成，或已超过保留时间。")
        if moves.took_units_from(request.user, job.created_at):
            raise Http404("生成后有单位调整了隶属关系，文件可能含有不再由您查看的记录，请重新生成。")
        trail.record(trail.Action.DOWNLOADED, reason=f"{job.title} {job.result_name}")
        return download([jobs.result_of(job)], job.result_name)
