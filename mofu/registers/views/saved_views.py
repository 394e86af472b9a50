"""Keeping views: save what a list shows under a name, rename, order columns, share, delete, open with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from mofu.accounts import trail_versions
from mofu.registers import conflicts, listing, view_forms
from mofu.registers.listing import Listing
from mofu.registers.models import ListPreference, SavedView
from mofu.registers.view_forms import ViewForm
from mofu.registers.views.base import RegisterView
from mofu.registers.views.lists import refused


class ViewsView(RegisterView):
    """``/<slug>/views/?…``: the views the user may choose, and the list just left; POST keeps the list that ``query`` means as ``name``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the user's own views and those shared with their unit; the menu of a list asks for its lines alone."""
        found = Listing(self.register, request.GET, request.user)
        if found.has_number:
            return refused(request, found)
        views = listing.views_for(self.register, request.user)
        if request.htmx and not request.htmx.boosted:
            context = self.context(views=views, found=found)
            return render(request, "registers/view_menu_items.html", context)
        context = self.context(
            own=[view for view in views if view.owner_id == request.user.pk],
            shared=[view for view in views if view.owner_id != request.user.pk],
            opens_with=found.preference.view_id if found.preference else None,
            found=found,
        )
        return render(request, "registers/views.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep filters, columns, order and page size of the list under a name."""
        found = Listing(self.register, QueryDict(request.POST.get("query", "")), request.user)
        view = SavedView(
            slug=self.register.slug, owner=request.user, name=request.POST.get("name", "").strip()
        )
        fault = view_forms.take(view, found)
        if fault:
            messages.error(request, fault)
            return redirect(f"{self.register.url('list')}?{found.address}")
        messages.success(request, f"已保存视图“{view}”。可在“保存、管理视图”中调整列的顺序和列名。")
        return redirect(f"{self.register.url('list')}?view={view.pk}")


class ViewView(RegisterView):
    """``/<slug>/views/<pk>/``: the owner changes a view; whoever may use it may open their list with it.

    POST ``action``: ``save`` (the form), ``filters`` (take over the list that ``query`` means), ``share``, ``unshare``,
    ``delete``, ``default``, ``no-default``; ``move`` is ``up:<column>`` or ``down:<column>``.
    """

    def version(self, pk: int | None) -> str:
        """Return the version of a view, to be read before the view itself."""
        return trail_versions.version(SavedView, pk)

    def view(self, pk: int, *, own: bool, lock: bool = False) -> SavedView:
        """Return the view, 404 when it is not the user's to change (``own``) or to use; ``lock`` holds it."""
        user = self.request.user
        mine = Q(owner=user) if own else Q()
        rows = SavedView.objects.usable_by(user).filter(mine, slug=self.register.slug, pk=pk)
        found = (rows.select_for_update(of=("self",)) if lock else rows).first()
        if found is None:
            raise Http404(listing.NOT_FOUND)
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form."""
        seen, view = self.version(pk), self.view(pk, own=True)
        return self._page(view, ViewForm(self.register, instance=view), seen)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the view or what the user does with it."""
        action = request.POST.get("action", "save")
        if action in ("default", "no-default"):
            return self._open_with(self.view(pk, own=False), wanted=action == "default")
        view = self.view(pk, own=True)
        if action == "delete":
            view.delete()
            messages.success(request, f"已删除视图“{view}”。")
            return redirect(self.register.url("views"))
        if action in ("share", "unshare"):
            return self._share(view, wanted=action == "share")
        if action == "filters":
            return self._take_over(view)
        return self._save(pk)

    def _save(self, pk: int) -> HttpResponse:
        """Save the form, unless another tab changed the view since it was shown (409)."""
        with transaction.atomic():
            view = self.view(pk, own=True, lock=True)
            form = ViewForm(self.register, self.request.POST, instance=view)
            if trail_versions.is_stale(view, self.request.POST):
                conflict = conflicts.of_form(form, self.view(pk, own=True), self.request)
                return self._page(view, form, self.version(pk), status=409, conflict=conflict)
            if not form.is_valid():
                return self._page(view, form, self.version(pk), status=422)
            view = form.save()
        if form.move:
            return redirect(f"{self.register.url('view', view.pk)}#columns")
        for words in view_forms.doubts(self.register, view.columns):
            messages.warning(self.request, words)
        messages.success(self.request, f"已保存视图“{view}”。")
        return redirect(f"{self.register.url('list')}?view={view.pk}")

    def _take_over(self, view: SavedView) -> HttpResponse:
        found = Listing(self.register, QueryDict(self.request.POST.get("query", "")), self.request.user)
        fault = view_forms.take(view, found, columns=False)
        if fault:
            messages.error(self.request, fault)
        else:
            messages.success(self.request, f"视图“{view}”已改用现在的筛选和排序。")
        return redirect(f"{self.register.url('list')}?view={view.pk}")

    def _share(self, view: SavedView, *, wanted: bool) -> HttpResponse:
        view.shared_with = self.request.user.organization if wanted else None
        view.save()
        unit = self.request.user.organization
        words = f"已与“{unit}”及其下属单位共享" if wanted else "已停止共享"
        messages.success(self.request, f"{words}：{view}")
        return redirect(self.register.url("views"))

    def _open_with(self, view: SavedView, *, wanted: bool) -> HttpResponse:
        ListPreference.objects.update_or_create(
            user=self.request.user, slug=self.register.slug, defaults={"view": view if wanted else None}
        )
        words = f"以后打开本台账时先显示视图“{view}”。" if wanted else "以后打开本台账时显示全部记录。"
        messages.success(self.request, words)
        return redirect(self.register.url("views"))

    def _page(
        self,
        view: SavedView,
        form: ViewForm,
        seen: str,
        status: int = 200,
        conflict: conflicts.Conflict | None = None,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "seen": seen,
            "conflict": conflict,
            "view": view,
            "form": form,
            "columns": view_forms.rows(self.register, form.columns),
            "found": Listing(self.register, QueryDict(f"view={view.pk}"), self.request.user),
        }
        return render(self.request, "registers/view_form.html", self.context(**context), status=status)
