"""Pictures: safe decoding of what was uploaded, and the fixed sizes kept of it. A leaf: no models.

An upload is decoded once, when it arrives; its renditions are WebP files named by its digest, so their addresses
never change their content. Nothing of the upload's own bytes or metadata is kept or served. What is cropped is also
kept whole, no larger than its crops need, so that another focus asks for no new upload.
"""

import hashlib
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

logger = logging.getLogger(__name__)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")  # no SVG (scripts), no GIF or TIFF (decoders seldom looked at)
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a 21 KB PNG can hold 169 million, half a gigabyte decoded
MOST_SIDE = 16_383  # what WebP can write
# What decoders say of what they cannot read; that of AVIF says it in its own ways.
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, RuntimeError, ArithmeticError)
QUALITY = 80
WHOLE_QUALITY = 90  # of what is drawn again for another focus
AVIF_QUALITY = 60  # looks like WebP's 80
IN_AVIF = ("poster", "backdrop")  # a face of 160 pixels gains a few hundred bytes
# Widths in pixels of the stored renditions, and height over width, None: as it comes.
SIZES: dict[str, tuple[tuple[int, ...], float | None]] = {
    "poster": ((160, 256, 320, 480, 600), 1.5),
    "backdrop": ((800, 1280, 1600), None),
    "portrait": ((160, 320), 1.25),
}


class Readable(Protocol):
    """An open binary file, uploaded or on disk."""

    def read(self, size: int, /) -> bytes: ...


class Rendition(NamedTuple):
    """One stored size: its width in pixels and its path in the media storage."""

    width: int
    path: str


Focus = tuple[int, int]  # in percent from the left and from the top
CENTER: Focus = (50, 50)
NEAR = 6  # bits of 64 in which two pictures differ that are the same to an eye


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture that passed every check: upright, RGB, without metadata."""

    digest: str
    picture: Pillow.Image
    size: tuple[int, int]  # of the upload


def path(kind: str, digest: str, width: int, ending: str = "webp") -> str:
    """The path of a rendition in the media storage."""
    return f"{kind}s/{digest[:2]}/{digest}-{width}.{ending}"


def renditions(kind: str, digest: str, ending: str = "webp") -> list[Rendition]:
    """All sizes kept of a picture of this kind, narrowest first."""
    return [Rendition(width, path(kind, digest, width, ending)) for width in SIZES[kind][0]]


def files(kind: str, digest: str, *, has_avif: bool, has_whole: bool) -> set[str]:
    """The paths of all that is kept of a picture."""
    endings = ("webp", "avif") if has_avif else ("webp",)
    shown = {rendition.path for ending in endings for rendition in renditions(kind, digest, ending)}
    return shown | {whole(kind, digest)} if has_whole else shown


def whole(kind: str, digest: str) -> str:
    """The path of the picture before it was cropped; where nothing is cropped, that of its widest rendition."""
    widths, shape = SIZES[kind]
    return f"{kind}s/{digest[:2]}/{digest}-whole.webp" if shape else path(kind, digest, widths[-1])


def decode(file: Readable) -> Decoded:
    """Read an upload. Raises ValidationError, with a sentence for the one who sent it, unless it is a sound picture.

    The size is read from the header and judged before any pixel is decoded.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError(f"A picture has at most {MOST_BYTES // 1024 // 1024} MB.", code="too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValidationError(
                        f"A picture has at most {MOST_PIXELS // 1_000_000} million pixels; this one is "
                        f"{picture.width} by {picture.height}.",
                        code="too_many_pixels",
                    )
                if max(picture.size) > MOST_SIDE:
                    raise ValidationError(f"A picture has at most {MOST_SIDE:,} pixels a side.", code="too_long")
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (*BROKEN, Pillow.DecompressionBombError, Warning) as error:
        raise ValidationError(
            "This is no JPEG, PNG, WebP or AVIF picture, or it is damaged.", code="invalid"
        ) from error
    return Decoded(hashlib.sha256(content).hexdigest()[:32], upright, upright.size)


def refocused(decoded: Decoded, focus: Focus, now: Focus = CENTER) -> Decoded:
    """The picture under an address of its own where it is cropped elsewhere than ``now``."""
    if focus == now:
        return decoded
    return renamed(decoded, str(focus))


def renamed(decoded: Decoded, why: str) -> Decoded:
    """The picture under an address of its own; the same one for the same reason."""
    digest = hashlib.sha256(f"{decoded.digest} {why}".encode()).hexdigest()[:32]
    return Decoded(digest, decoded.picture, decoded.size)


def dhash(picture: Pillow.Image) -> str:
    """64 bits as 16 hexadecimal digits: of each of 8 rows, where it gets darker from one of 9 points to the next.

    Another size, format or compression of a picture changes a few bits at most.

    >>> dhash(Pillow.linear_gradient("L").rotate(270))
    'ffffffffffffffff'
    """
    points = picture.convert("L").resize((9, 8), Pillow.Resampling.LANCZOS).tobytes()
    bits = 0
    for place in range(72):
        if place % 9:
            bits = bits << 1 | (points[place - 1] > points[place])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """In how many bits two dhashes differ.

    >>> distance("0000000000000003", "0000000000000000")
    2
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def keep_whole(kind: str, decoded: Decoded) -> None:
    """Write the picture before it is cropped, as large as any crop of it needs: 4:3 needs 1200 by 900 for a poster."""
    widths, shape = SIZES[kind]
    width, height = decoded.picture.size
    scale = min(1.0, max(widths[-1] / width, round(widths[-1] * (shape or 0)) / height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    _write(whole(kind, decoded.digest), _resized(decoded.picture, size), WHOLE_QUALITY if shape else QUALITY)


def has_whole(kind: str, digest: str) -> bool:
    """Whether another focus can be made of it; pictures from before wholes were kept cannot."""
    return default_storage.exists(whole(kind, digest))


def kept_whole(kind: str, digest: str, size: tuple[int, int]) -> Decoded | None:
    """What keep_whole() wrote, of an upload of this size; None where it is gone, damaged or never was."""
    picture = _opened(whole(kind, digest))
    return None if picture is None else Decoded(digest, picture, size)


def _opened(name: str) -> Pillow.Image | None:
    """A stored picture; None where there is none, or the file is damaged."""
    if not default_storage.exists(name):
        return None
    try:
        with default_storage.open(name) as file, Pillow.open(file, formats=("WEBP",)) as picture:
            return picture.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        logger.exception("The stored picture %s is damaged.", name)
        return None


def near_bands(bits: str) -> list[list[str]]:
    """For each of the four bands of 16 bits of a dhash, the 17 values that differ from it in one bit at most.

    Two dhashes that differ in 7 bits or fewer are sure to have a band that differs in one at most (four bands with two
    make eight), so whoever looks for NEAR ones finds them all there, among few others.

    >>> "0000" in near_bands("0001ffffffffffff")[0], "0003" in near_bands("0000ffffffffffff")[0]
    (True, False)
    """
    bands = [int(bits[start : start + 4], 16) for start in range(0, 16, 4)]
    return [[f"{band ^ change:04x}" for change in (0, *(1 << bit for bit in range(16)))] for band in bands]


def store(kind: str, decoded: Decoded, focus: Focus = CENTER) -> None:
    """Write the renditions of a picture, cropped around ``focus``; those already there are left alone.

    The widest is made first and the others from it. Narrower uploads are not blown up: their widest rendition has
    the upload's own width, under the name of the size it stands for.
    """
    keep_whole(kind, decoded)
    for width, picture in _crops(kind, decoded.picture, focus):
        _write(path(kind, decoded.digest, width), picture, QUALITY)


def store_missing(kind: str, digest: str, focus: Focus, ending: str) -> bool:
    """Write the renditions that a stored picture lacks, from the best that is kept of it; False where nothing is."""
    best = _opened(whole(kind, digest)) or _opened(path(kind, digest, SIZES[kind][0][-1]))
    if best is None:
        return False
    for width, picture in _crops(kind, best, focus):
        _write(path(kind, digest, width, ending), picture, AVIF_QUALITY if ending == "avif" else QUALITY)
    return True


def _crops(kind: str, picture: Pillow.Image, focus: Focus) -> Iterator[tuple[int, Pillow.Image]]:
    widths, shape = SIZES[kind]
    if shape:
        size = (widths[-1], round(widths[-1] * shape))
        scale = min(1.0, picture.width / size[0], picture.height / size[1])
        picture = ImageOps.fit(
            picture,
            (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))),
            Pillow.Resampling.LANCZOS,
            centering=(focus[0] / 100, focus[1] / 100),
        )
    for width in reversed(widths):
        picture = _resized(picture, (width, max(1, round(picture.height * width / picture.width))))
        yield width, picture


def _resized(picture: Pillow.Image, size: tuple[int, int]) -> Pillow.Image:
    """Made smaller; never larger."""
    if picture.width <= size[0]:
        return picture
    return picture.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=2.0)


def _write(name: str, picture: Pillow.Image, quality: int) -> None:
    if not default_storage.exists(name):
        out = BytesIO()
        if name.endswith(".avif"):
            picture.save(out, "AVIF", quality=quality)
        else:
            picture.save(out, "WEBP", quality=quality, method=4)
        default_storage.save(name, ContentFile(out.getvalue()))
