"""Pictures that editors upload: judged in the form, stored when it is saved."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalogue import images
from catalogue.admin.rules import RuledForm
from catalogue.desk.tasks import make_renditions, send
from catalogue.images import Decoded
from catalogue.models import Image
from catalogue.models.image import band

HELD = "held picture"
HELD_SECONDS = 86_400  # unused_images leaves files that are younger than two days


class PictureInput(forms.FileInput):
    """A file to choose, or the one that was chosen before the form was shown again: its preview and a signed key."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, name) or data.get(f"{name}-held") or None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        control = super().render(name, None, attrs, renderer)
        held = _held(value)
        if held is None:
            return control
        kind, digest, *_ = held
        return format_html(
            '{}<input type="hidden" name="{}-held" value="{}"><img class="edit-held" src="{}" alt="The new {}">',
            control, name, value, default_storage.url(images.whole(kind, digest)), kind,
        )  # fmt: skip


class PictureField(forms.FileField):
    """A picture to upload. Its cleaned value is the decoded picture, or None when nothing was sent."""

    widget = PictureInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def __init__(self, kind: str) -> None:
        limit = f"{images.MOST_BYTES // 1024 // 1024} MB and {images.MOST_PIXELS // 1_000_000} million pixels"
        super().__init__(label=f"New {kind}", required=False, help_text=f"JPEG, PNG, WebP or AVIF, at most {limit}.")
        self.kind = kind

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data  # shown again, unlike any other file

    def clean(self, data: Any, initial: Any = None) -> Decoded | None:
        if isinstance(data, str):
            kind, digest, *size = _held(data) or ("", "", 0, 0)
            found = images.kept_whole(kind, digest, (size[0], size[1])) if kind == self.kind else None
            if found is None:
                raise ValidationError("This picture is not kept any more. Choose its file again.", code="gone")
            return found
        upload: UploadedFile | None = super().clean(data, initial)
        return images.decode(upload) if upload else None


def _held(value: Any) -> tuple[str, str, int, int] | None:
    """Kind, digest, width and height of a picture that waits, by its signed key; None for anything else."""
    try:
        kind, digest, width, height = signing.loads(value, salt=HELD, max_age=HELD_SECONDS)
    except (signing.BadSignature, TypeError, AttributeError):
        return None
    return kind, digest, width, height


class PicturesForm(RuledForm):
    """A form with pictures to upload; each has to say what it shows, whose it is and how it may be shown."""

    kinds: tuple[str, ...] = ()
    SAID = ("alt", "credit", "licence")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for kind in self.kinds:
            if cleaned.get(f"{kind}_gone"):
                continue
            image: Image | None = getattr(self.instance, kind)
            if cleaned.get(f"{kind}_file"):
                for name in self.SAID:
                    if not cleaned.get(f"{kind}_{name}"):
                        self.add_error(f"{kind}_{name}", "A new picture needs this.")
                continue
            if cleaned.get(f"{kind}_focus") and image and not images.has_whole(kind, image.digest):
                self.add_error(f"{kind}_focus", "Of this picture only its crops are kept. Upload it again.")
            if not self.has_error(f"{kind}_file"):
                self._refuse_words_alone(kind, image)
        return cleaned

    def _refuse_words_alone(self, kind: str, image: Image | None) -> None:
        """What is said of a picture goes with a new one; else it would be dropped without a word."""
        text: str | SafeString = "Choose a picture, too."
        if image:
            place = reverse("admin:catalogue_image_change", args=[image.pk])
            text = format_html(
                'This goes with a new picture. What is said of the one there is changed on <a href="{}">its page</a>.',
                place,
            )
        for name in self.SAID:
            if self.cleaned_data.get(f"{kind}_{name}"):
                self.add_error(f"{kind}_{name}", text)

    def hold_pictures(self) -> None:
        """Keep what was uploaded and passed its own checks for the next time this form is sent."""
        for kind in self.kinds:
            found: Decoded | None = getattr(self, "cleaned_data", {}).get(f"{kind}_file")
            name = self.add_prefix(f"{kind}_file")
            if found and name in self.files:
                images.keep_whole(kind, found)
                key = signing.dumps([kind, found.digest, *found.size], salt=HELD)
                self.data = self.data.copy()  # type: ignore[attr-defined]
                self.data[f"{name}-held"] = key  # type: ignore[index]
                self.files = self.files.copy()
                del self.files[name]

    def keep_pictures(self) -> None:
        """Store what was uploaded, and set it."""
        for kind in self.kinds:
            cleaned = {name: self.cleaned_data.get(f"{kind}_{name}") for name in ("file", "gone", "focus", *self.SAID)}
            if cleaned["gone"]:
                setattr(self.instance, kind, None)
            elif cleaned["file"]:
                said = {name: cleaned[name] for name in self.SAID}
                setattr(self.instance, kind, keep(kind, cleaned["file"], cleaned["focus"] or images.CENTER, said))
            elif cleaned["focus"] and (image := getattr(self.instance, kind)):
                setattr(self.instance, kind, recropped(image, cleaned["focus"]))


class FocusField(forms.CharField):
    """Two whole percentages, "40 25": from the left and from the top. Its cleaned value is a Focus, or None."""

    def clean(self, value: Any) -> Any:
        parts = str(super().clean(value)).replace(",", " ").split()
        if not parts:
            return None
        if len(parts) != 2 or not all(part.isdecimal() and len(part) < 4 and int(part) <= 100 for part in parts):
            raise ValidationError("Write two numbers from 0 to 100: from the left and from the top, as in “50 30”.")
        return int(parts[0]), int(parts[1])


def picture_fields(kind: str) -> dict[str, forms.Field]:
    """The fields of one picture of a PicturesForm."""
    return {
        f"{kind}_file": PictureField(kind),
        f"{kind}_alt": forms.CharField(
            required=False, max_length=300, label="What it shows", help_text="For those who cannot see it.",
            widget=AdminTextInputWidget,
        ),
        f"{kind}_credit": forms.CharField(
            required=False, max_length=200, label="Who made it", widget=AdminTextInputWidget
        ),
        f"{kind}_licence": forms.CharField(
            required=False, max_length=200, label="Licence", widget=AdminTextInputWidget
        ),
        f"{kind}_focus": FocusField(
            required=False, max_length=20, label="Focus",
            help_text="What stays in sight where it is cropped: percent from the left and the top, “50 30”. "
            "Or a click on the picture. Empty: as it is, the middle of a new one.",
        ),
        f"{kind}_gone": forms.BooleanField(required=False, label=f"No {kind}"),
    }  # fmt: skip


def keep(
    kind: str, decoded: Decoded, focus: images.Focus, said: dict[str, Any], now: images.Focus = images.CENTER
) -> Image:
    """Store an uploaded picture; the same file with the same focus uploaded again is the same image."""
    decoded = images.refocused(decoded, focus, now)
    if Image.objects.filter(pk=decoded.digest).exclude(kind=kind).exists():
        decoded = images.renamed(decoded, kind)  # one file as poster and as backdrop
    images.store(kind, decoded, focus)
    Image.objects.filter(pk=decoded.digest).update(created_at=timezone.now())  # else it might be removed as unused
    width, height = decoded.size
    defaults = {"kind": kind, "width": width, "height": height, "focus_x": focus[0], "focus_y": focus[1]}
    image, _ = Image.objects.get_or_create(
        digest=decoded.digest, defaults={**defaults, **said, "dhash": images.dhash(decoded.picture)}
    )
    return image


def recropped(image: Image, focus: images.Focus) -> Image:
    """The picture around another focus: an image of its own, since what stands at an address never changes.

    Undoing the edit brings back the former one.
    """
    now = (image.focus_x, image.focus_y)
    found = images.kept_whole(image.kind, image.digest, (image.width, image.height))
    if found is None or focus == now:
        return image
    said = {name: getattr(image, name) for name in (*PicturesForm.SAID, "source_url")}
    return keep(image.kind, found, focus, said, now)


def near(image: Image) -> QuerySet[Image]:
    """The pictures of its kind that may look like it; all that look the same are among them."""
    shared = Q()
    for number, values in enumerate(images.near_bands(image.dhash)):
        shared |= Q(**{f"band_{number}__in": values})
    others = Image.objects.alias(**{f"band_{number}": band(number) for number in range(4)}).order_by()
    return others.filter(shared, kind=image.kind).exclude(pk=image.pk)


def alike(image: Image) -> Image | None:
    """The picture of its kind that looks most like it, if one looks the same: 1 query, by the indexes of four bands."""
    found = [(images.distance(other.dhash, image.dhash), other.pk, other) for other in near(image)]
    best, _, other = min(found, default=(images.NEAR + 1, "", None))
    return other if best <= images.NEAR else None


def warn_of_doubles(request: HttpRequest, form: PicturesForm) -> None:
    """Show the picture that a new one looks like."""
    for kind in form.kinds:
        image = getattr(form.instance, kind)
        if image and form.cleaned_data.get(f"{kind}_file") and (other := alike(image)):
            text = format_html("The new {} looks like one that is there already: {}", kind, preview(other))
            messages.warning(request, text)


def send_pictures(form: PicturesForm) -> None:
    """Have further renditions made of what was uploaded or cropped again."""
    for kind in form.kinds:
        image: Image | None = getattr(form.instance, kind)
        if settings.IMAGE_AVIF and image and kind in images.IN_AVIF and not image.has_avif:
            send(make_renditions, image.pk)


def preview(image: Image | None) -> SafeString | str:
    """A small picture for the admin; a dash without one."""
    if image is None:
        return "–"
    rendition = image.renditions[0]
    place, text = default_storage.url(rendition.path), image.alt or "Without a description"
    return format_html('<img src="{}" width="{}" alt="{}">', place, rendition.width, text)


def whole_preview(image: Image | None) -> SafeString | str:
    """In the form: the picture before it was cropped, if that is kept, its focus, and what is said of it; or a dash."""
    if image is None:
        return preview(image)
    said = format_html_join("", "<br>{}", ((text,) for text in (image.alt, image.credit, image.licence) if text))
    if not images.has_whole(image.kind, image.digest):
        return format_html("{}{}", preview(image), said)
    place = default_storage.url(images.whole(image.kind, image.digest))
    shown = format_html('<img class="edit-whole" src="{}" alt=""><br>Focus: {} {}', place, image.focus_x, image.focus_y)
    return format_html("{}{}", shown, said)
