"""What a PDF may load: registered resources and nothing else. Imports WeasyPrint, so ``pdf`` imports it late."""

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse


class ResourceDenied(ValueError):  # noqa: N818  # WeasyPrint logs the name; it reads as what happened
    """The document asked for an address nobody registered (a file, a network address, a data URL)."""


class RegisteredOnly(URLFetcher):
    """Serves the given addresses (bytes, or a file to read) and refuses every other one, whatever its scheme."""

    def __init__(self, resources: Mapping[str, tuple[bytes | Path, str]]) -> None:
        super().__init__(allowed_protocols=[])
        self._resources = dict(resources)

    def fetch(
        self, url: str, headers: dict[str, str] | None = None
    ) -> URLFetcherResponse:  # signature of the base class
        """The registered content; ``ResourceDenied`` otherwise (WeasyPrint logs it and goes on without)."""
        if url not in self._resources:
            raise ResourceDenied(f"refused: {url[:200]}")
        content, media_type = self._resources[url]
        body = content.read_bytes() if isinstance(content, Path) else content
        return URLFetcherResponse(url, body, {"Content-Type": media_type})
