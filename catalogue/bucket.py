"""Pictures in a bucket of S3 or of what speaks its language. A leaf; needs requirements-s3.txt. docs/scaling.md"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class BucketStorage(S3Storage):
    """The storage of django-storages, which fails as a disk does, and hands pictures out under settings.MEDIA_URL.

    Raises FileNotFoundError for what is not there, and OSError with the number EHOSTDOWN for all else that a bucket
    says or does not say. Keys come from the environment, as boto3 reads them. An object is there whole or not at all.
    """

    default_acl = None  # the bucket's policy says who may read

    def get_default_settings(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_default_settings()
        return given | {
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},  # named by their content
            "file_overwrite": True,
            "client_config": Config(
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2},
                # Others than Amazon refuse the checksums that are sent where nobody asks for them.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }

    def url(self, name: str, *_: Any, **__: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))

    def exists(self, name: str) -> bool:
        with _as_of_a_disk(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _as_of_a_disk(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _as_of_a_disk(name):
            found: datetime = super().get_modified_time(name)
            return found

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_of_a_disk(name):
            folders, files = super().listdir(name)
            return folders, files

    def delete(self, name: str) -> None:
        with _as_of_a_disk(name):
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        """All of it at once: what breaks off shows here, not to who reads."""
        with _as_of_a_disk(name):
            found = self.bucket.Object(self._normalize_name(name)).get()
            return File(BytesIO(found["Body"].read()), name)

    def _save(self, name: str, content: Any) -> str:
        with _as_of_a_disk(name):
            return str(super()._save(name, content))


@contextmanager
def _as_of_a_disk(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(errno.ENOENT, "The bucket has no such file", name) from error
        raise OSError(errno.EHOSTDOWN, str(error), name) from error
    except (Boto3Error, BotoCoreError) as error:
        raise OSError(errno.EHOSTDOWN, str(error), name) from error
