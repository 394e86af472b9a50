"""What a user sets for themselves: columns and page size of a list, large text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mofu.registers.models import ListPreference
from mofu.registers.tables import PAGE_SIZES
from mofu.registers.views.base import RegisterView
from mofu.registers.views.review import back


class ColumnsView(RegisterView):
    """``POST /<slug>/columns/``: keep the chosen columns (``column``, many, in order) and rows per page."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice; “恢复默认” forgets it."""
        mine = ListPreference.objects.filter(user=request.user, slug=self.register.slug)
        if "reset" in request.POST:
            mine.filter(view=None).delete()
            mine.update(columns=[], page_size=50)
        else:
            columns = [name for name in request.POST.getlist("column") if name in self.register.all_columns]
            size = request.POST.get("size", "")
            values = {"columns": columns, "page_size": int(size) if size in map(str, PAGE_SIZES) else 50}
            ListPreference.objects.update_or_create(
                user=request.user, slug=self.register.slug, defaults=values
            )
        return back(request, self.register.url("list"))


@require_POST
def large_text(request: HttpRequest) -> HttpResponse:
    """Switch 大字 mode on or off for this session."""
    request.session["large_text"] = not request.session.get("large_text", False)
    return back(request, "/")
