"""Pictures that editors upload: judged in the form, stored when it is saved."""

from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue import images
from catalogue.images import Decoded
from catalogue.models import Image


class PictureField(forms.FileField):
    """A picture to upload. Its cleaned value is the decoded picture, or None when nothing was sent."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def __init__(self, *, label: str) -> None:
        limit = f"{images.MOST_BYTES // 1024 // 1024} MB and {images.MOST_PIXELS // 1_000_000} million pixels"
        super().__init__(label=label, required=False, help_text=f"JPEG, PNG, WebP or AVIF, at most {limit}.")

    def clean(self, data: Any, initial: Any = None) -> Decoded | None:
        upload: UploadedFile | None = super().clean(data, initial)
        return images.decode(upload) if upload else None


def keep(kind: str, decoded: Decoded) -> Image:
    """Store an uploaded picture; the same file uploaded again is the same image."""
    images.store(kind, decoded)
    width, height = decoded.picture.size
    image, _ = Image.objects.get_or_create(
        digest=decoded.digest, defaults={"kind": kind, "width": width, "height": height}
    )
    return image


def preview(image: Image | None) -> SafeString | str:
    """A small picture for the admin; a dash without one."""
    if image is None:
        return "–"
    rendition = image.renditions[0]
    return format_html('<img src="{}" width="{}" alt="">', default_storage.url(rendition.path), rendition.width)
