"""Uploaded files in an S3-compatible object store; imported, and boto3 with it, only where MEDIA_STORAGE asks for it."""

from __future__ import annotations

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

IN_MEMORY = 2 * 1024 * 1024  # bytes of a file that is read; a larger one waits on disk
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 30, 3


class ObjectStorage(S3Storage):
    """A private bucket that only the app reads: every file goes through a view that knows whose it is."""

    def __init__(self, *, region_name: str | None, addressing_style: str, **options: Any) -> None:
        """Take the options of :func:`mofu.env.media`; keys are never looked for elsewhere."""
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            # Stores other than Amazon's refuse the checksums that boto3 adds of its own accord.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            transfer_config=TransferConfig(
                use_threads=False
            ),  # files are small, the server has threads of its own
            security_token=None,
            session_profile=None,
            region_name=region_name or "us-east-1",
            file_overwrite=False,
            default_acl=None,
            max_memory_size=IN_MEMORY,
            **options,
        )

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return an address that leads nowhere, as on disk: a signed one would open the file to whoever has it."""
        return filepath_to_uri(name)
