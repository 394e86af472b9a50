"""What all register views share: right first, then the row, then the work."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from mofu.accounts import trail_versions
from mofu.registers import conflicts
from mofu.registers.register import Register


class RegisterView(View):
    """Base of all views on one register: refuses without the right (403) and hides foreign rows (404)."""

    register: Register = None  # type: ignore[assignment] - given by as_view()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the right of the page before anything is read."""
        if not self.allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def allowed(self) -> bool:
        """Whether the user may open this page at all; overridden where more than seeing is needed."""
        return self.register.may_see(self.request.user)

    def record(self, pk: int, *, lock: bool = False) -> models.Model:
        """Return a record in the user's scope, else 404; ``lock`` holds it until the transaction ends."""
        rows = self.register.rows(self.request.user)
        if lock:
            rows = rows.select_for_update(of=("self",))
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404("没有这条记录，或不在您的查看范围内。")
        return found

    def version(self, pk: int | None) -> str:
        """Return the version of a record, to be read before the record itself."""
        return trail_versions.version(self.register.model, pk)

    def overtaken(self, obj: models.Model, step: str) -> HttpResponse | None:
        """Answer 409 where the (locked) record was changed since the page with ``step`` was shown; else None."""
        data = self.request.POST
        if not trail_versions.is_stale(obj, data):
            return None
        context = self.context(
            object=obj,
            step=step,
            changes=conflicts.of_record(obj, data.get(trail_versions.FIELD, "")),
            seen=self.version(obj.pk),
            reason=data.get("reason"),
            next=data.get("next", ""),
        )
        return render(self.request, "registers/overtaken.html", context, status=409)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Return the context every register template starts from."""
        register, user = self.register, self.request.user
        return {
            "register": register,
            "list_url": register.url("list"),
            "may_enter": register.may_enter(user),
            "may_review": register.may_review(user),
            **extra,
        }


class EnterView(RegisterView):
    """Base of views that change records."""

    def allowed(self) -> bool:
        """Whether the user may enter records here."""
        return self.register.may_see(self.request.user) and self.register.may_enter(self.request.user)
