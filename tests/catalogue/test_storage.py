"""A picture has its name once all of it is there."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from catalogue import images


class Full(ContentFile):
    """Half of it fits."""

    def chunks(self, chunk_size: int | None = None) -> Any:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_half_a_file_is_none(settings: Any) -> None:
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("posters/ab/x.webp", Full(b"half a picture"))

    assert not default_storage.exists("posters/ab/x.webp")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []

    default_storage.save("posters/ab/x.webp", ContentFile(b"a picture"))
    assert default_storage.open("posters/ab/x.webp").read() == b"a picture"


def test_a_damaged_file_is_as_good_as_none(settings: Any) -> None:
    decoded = images.Decoded("ab" * 16, Pillow.new("RGB", (700, 900)), (700, 900))
    images.store("poster", decoded)
    for name in (images.whole("poster", decoded.digest), images.path("poster", decoded.digest, 600)):
        file = Path(settings.MEDIA_ROOT) / name
        file.write_bytes(file.read_bytes()[:100])

    assert images.kept_whole("poster", decoded.digest, decoded.size) is None
    assert not images.store_missing("poster", decoded.digest, images.CENTER, "avif")
