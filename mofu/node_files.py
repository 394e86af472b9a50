"""Which files of node_modules are gathered for a web server: those the pages name, not the thousands beside them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder


class NamedFilesFinder(FileSystemFinder):
    """The file finder, except that folders with a prefix give `collectstatic` only settings.NODE_FILES."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield (path, storage); source maps come with the file they describe."""
        for path, storage in super().list(ignore_patterns):
            prefix = getattr(storage, "prefix", None)
            if not prefix or f"{prefix}/{path}".removesuffix(".map") in settings.NODE_FILES:
                yield path, storage
