"""Search and sort columns of records that are known by a name or title."""

from __future__ import annotations

from django.db import models

from models_app.models.checked import Checked
from mofu.accounts.pinyin import search_key, sort_key


class Titled(Checked):
    """A record with ``search`` (text and pinyin initials) and ``name_key`` (pinyin, for sorting).

    ``title_field`` names the column that carries the title, ``search_extra`` further ones worth finding.
    """

    title_field = "name"
    search_extra: tuple[str, ...] = ()

    search = models.CharField(max_length=300, editable=False, default="")
    name_key = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.title_field))

    def derive(self) -> None:
        """Write the search and sort texts afresh."""
        super().derive()
        title = str(self)
        self.name_key = sort_key(title)
        self.search = search_key(
            title, extra="|".join(str(getattr(self, name)) for name in self.search_extra)
        )
