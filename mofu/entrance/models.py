"""What the entrance remembers between requests."""

from __future__ import annotations

from django.db import models


class SignInBrake(models.Model):
    """How often somebody tried to sign in of late, by what is counted (decision 017).

    Kept in the database and not in the cache: counts hold for any number of workers and hosts, and no other entry
    pushes them out.
    """

    key = models.CharField(
        max_length=100, unique=True
    )  # "address:…", "pair:…", "device:…" or "all"; no name as typed
    tries = models.PositiveIntegerField(default=0)  # failed or still being answered, since ``since``
    since = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "登录限制"

    def __str__(self) -> str:
        return self.key
