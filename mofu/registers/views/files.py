"""Evidence files and photos: uploaded to a record, served only to who sees the record."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from mofu.accounts import trail
from mofu.accounts.policy import DataClass, Use, may_use
from mofu.registers import attachments
from mofu.registers.models import Attachment
from mofu.registers.register import Register, register_of
from mofu.registers.views.base import EnterView, RegisterView


def _alone(response: FileResponse) -> FileResponse:
    """Let a file somebody uploaded run nothing and load nothing, should a browser show it after all."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class UploadView(EnterView):
    """``POST /<slug>/<pk>/files/``: add evidence to a record."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep each acceptable file; name the others and why they were refused."""
        obj = self.record(pk)
        uploads = request.FILES.getlist("files")
        if not uploads:
            messages.error(request, "请先选择要上传的文件。")
        for upload in uploads:
            try:
                kept = attachments.keep(upload, obj, request.user)
                messages.success(request, f"已上传：{kept.name}")
            except ValidationError as error:
                messages.error(request, error.message)
        return redirect(self.register.url("detail", pk))


class FileView(View):
    """Base of the pages of one file: the file is found through its record, in the user's scope."""

    def found(self, pk: int) -> tuple[Attachment, Register, models.Model]:
        """Return file, register and record, 404 when the record is out of sight."""
        attachment = get_object_or_404(Attachment, pk=pk)
        register = register_of(attachment.content_type.model_class())
        if register is None:
            raise Http404
        record = register.rows(self.request.user).filter(pk=attachment.object_id).first()
        if record is None:
            raise Http404
        if not register.may_see(self.request.user):
            raise PermissionDenied
        return attachment, register, record


class DownloadView(FileView):
    """``/files/<pk>/``: download one file; it never runs in the browser."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the file as an attachment and leave a trail."""
        attachment, _, record = self.found(pk)
        if not attachment.file.storage.exists(attachment.file.name):
            raise Http404("文件不在存储中，请联系系统管理员。")
        trail.record(trail.Action.DOWNLOADED, record, reason=attachment.name)
        response = FileResponse(attachment.file.open("rb"), content_type=attachment.media_type)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
        return _alone(response)


class DeleteFileView(FileView):
    """``POST /files/<pk>/delete/``."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove a file from its record."""
        attachment, register, record = self.found(pk)
        if not register.may_enter(request.user):
            raise PermissionDenied
        if refusal := register.refusal(record, request.user):
            messages.error(request, refusal.replace("再删除", "再删除附件"))
            return redirect(register.url("detail", record.pk))
        attachment.delete()
        messages.success(request, f"已删除附件：{attachment.name}")
        return redirect(register.url("detail", record.pk))


class PhotoView(RegisterView):
    """``/<slug>/<pk>/photo/``: a person's photo."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the photo."""
        if not may_use(request.user, Use.SEE, DataClass.PORTRAIT):
            raise PermissionDenied
        photo = self.record(pk).photo
        if not photo or not photo.storage.exists(photo.name):
            raise Http404
        return _alone(FileResponse(photo.open("rb"), content_type="image/jpeg"))
