"""A real S3 server on loopback for the tests of object storage."""

from __future__ import annotations

from contextlib import contextmanager
from urllib.parse import urlencode

import boto3
from moto.server import ThreadedMotoServer

KEYS = ("test-access-key", "test-secret-key")


class Bucket:
    """One bucket, looked into past the app."""

    def __init__(self, endpoint, name):
        self.endpoint, self.name = endpoint, name
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEYS[0],
            aws_secret_access_key=KEYS[1],
        )
        self.client.create_bucket(Bucket=name)

    def address(self, prefix="files"):
        """Return what an installation writes into MEDIA_STORAGE."""
        return f"s3://{self.name}/{prefix}?{urlencode({'endpoint': self.endpoint, 'region': 'us-east-1'})}"

    def names(self):
        return {found["Key"] for found in self.client.list_objects_v2(Bucket=self.name).get("Contents", [])}

    def content(self, key):
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, key, content):
        self.client.put_object(Bucket=self.name, Key=key, Body=content)


@contextmanager
def running_server():
    """Run a server on a free port; yields its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
