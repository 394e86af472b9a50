"""Addresses of the registers: the same set for each declaration, and the shared pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from mofu.registers.register import REGISTERS, Register
from mofu.registers.views import (
    batch,
    duplicates,
    erasing,
    exporting,
    files,
    imports,
    inbox,
    jobs,
    lists,
    merges,
    preferences,
    records,
    review,
    saved_views,
    trail,
)

app_name = "registers"


def _pages(register: Register) -> list[URLPattern]:
    slug = register.slug
    found = [
        ("", "list", lists.ListView),
        ("columns/", "columns", preferences.ColumnsView),
        ("pick/", "pick", lists.PickView),
        ("export/", "export", exporting.ExportView),
        ("views/", "views", saved_views.ViewsView),
        ("views/<int:pk>/", "view", saved_views.ViewView),
        ("new/", "new", records.CreateView),
        ("import/", "import", imports.ImportView),
        ("import/template.xlsx", "template", imports.TemplateView),
        ("import/<int:pk>/", "batch", imports.BatchView),
        ("import/<int:pk>/refused.xlsx", "refused", imports.RefusedView),
        ("<int:pk>/", "detail", records.DetailView),
        ("<int:pk>/edit/", "edit", records.EditView),
        ("<int:pk>/delete/", "delete", records.DeleteView),
        ("<int:pk>/history/", "history", records.HistoryView),
    ]
    if register.secret_fields:
        found.append(("<int:pk>/reveal/", "reveal", records.RevealView))
    if register.erasable:
        found.append(("<int:pk>/erase/", "erase", erasing.EraseView))
    if any(field.name == "photo" for field in register.model._meta.fields):
        found.append(("<int:pk>/photo/", "photo", files.PhotoView))
    if register.batch_fields:
        found.append(("batch/", "batch-edit", batch.BatchEditView))
    if register.takes_files:
        found.append(("<int:pk>/files/", "files", files.UploadView))
    if register.reviewed:
        found += [
            ("bulk/", "bulk", review.BulkView),
            ("<int:pk>/submit/", "submit", review.SubmitView),
            ("<int:pk>/approve/", "approve", review.ApproveView),
            ("<int:pk>/return/", "return", review.ReturnView),
        ]
    return [
        path(f"{slug}/{tail}", view.as_view(register=register), name=f"{slug}-{name}")
        for tail, name, view in found
    ]


urlpatterns = [
    path("review/", inbox.InboxView.as_view(), name="inbox"),
    path("returned/", inbox.ReturnedView.as_view(), name="returned"),
    path("trail/", trail.TrailView.as_view(), name="trail"),
    path("trail/<int:pk>/", trail.EntryView.as_view(), name="trail-entry"),
    path("trail/export/", trail.TrailExportView.as_view(), name="trail-export"),
    path("jobs/", jobs.JobListView.as_view(), name="jobs"),
    path("jobs/<int:pk>/", jobs.JobView.as_view(), name="job"),
    path("jobs/<int:pk>/cancel/", jobs.CancelJobView.as_view(), name="job-cancel"),
    path("jobs/<int:pk>/again/", jobs.AgainJobView.as_view(), name="job-again"),
    path("jobs/<int:pk>/result/", jobs.JobResultView.as_view(), name="job-result"),
    path("duplicates/", duplicates.QueueView.as_view(), name="duplicates"),
    path("duplicates/dismissed/", duplicates.DismissedView.as_view(), name="distinct"),
    path("duplicates/dismissed/<int:pk>/back/", duplicates.TakeBackView.as_view(), name="distinct-back"),
    path("duplicates/merges/", merges.MergesView.as_view(), name="merges"),
    path("duplicates/merges/<int:pk>/undo/", merges.UndoView.as_view(), name="merge-undo"),
    path("duplicates/<slug:slug>/<int:one>/<int:other>/", merges.MergeView.as_view(), name="merge"),
    path(
        "duplicates/<slug:slug>/<int:one>/<int:other>/distinct/",
        duplicates.DistinctView.as_view(),
        name="merge-distinct",
    ),
    path("large-text/", preferences.large_text, name="large_text"),
    path("files/<int:pk>/", files.DownloadView.as_view(), name="file"),
    path("files/<int:pk>/delete/", files.DeleteFileView.as_view(), name="file-delete"),
    *(page for register in REGISTERS.values() for page in _pages(register)),
]
