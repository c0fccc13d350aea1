"""The forms of members and guests."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from catalogue.models import Language
from catalogue.text import clean
from reviews.exports import MOST_BYTES, Export, NoExportError, read_export
from reviews.models import MOST_HEADLINE, MOST_TEXT, BlockedDomain, Member, Report, ReportReason
from reviews.names import flaw, skeleton

RATINGS = [(score, str(score)) for score in range(1, 11)]
RESERVED = ("admin", "administrator", "moderator", "editor", "staff", "support", "system", "root")


def languages() -> list[tuple[str, str]]:
    """Codes and names, A to Z: 1 query."""
    return list(Language.objects.order_by("name").values_list("pk", "name"))


class LanguageField(forms.ChoiceField):
    """One of the languages; the usual one is known to be there, so that posting asks nothing."""

    def valid_value(self, value: str) -> bool:
        # PostgreSQL refuses to compare with NUL.
        return value == "en" or ("\0" not in value and Language.objects.filter(pk=value).exists())


class UploadForm(forms.Form):
    """An export from another site. Its cleaned value is what was read in it."""

    file_name = ""  # it was sent under

    file = forms.FileField(
        label="Your export",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".zip,.csv,application/zip,text/csv"}),
        help_text="Letterboxd’s zip or one of its CSV files, or IMDb’s ratings.csv; "
        f"at most {MOST_BYTES // 1024 // 1024} MB.",
    )

    def clean_file(self) -> Export:
        upload = self.cleaned_data["file"]
        self.file_name = clean(upload.name)
        try:
            return read_export(upload, self.file_name)
        except NoExportError as error:
            raise ValidationError(str(error)) from error


class ReviewForm(forms.Form):
    """A review as it is typed. Only the rating is required; no rating is chosen beforehand."""

    rating = forms.TypedChoiceField(
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        label="Your rating",
        error_messages={"required": "Choose a rating from 1 to 10.", "invalid_choice": "Choose a rating from 1 to 10."},
    )
    headline = forms.CharField(
        max_length=MOST_HEADLINE, required=False, help_text="Optional. Say it in one line, without spoilers."
    )
    text = forms.CharField(
        max_length=MOST_TEXT,
        required=False,
        label="Review",
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=f"Plain text, up to {MOST_TEXT:,} characters. Words between >! and !< are folded.",
    )
    language = LanguageField(choices=languages, initial="en", required=False, label="Language of the review")
    has_spoilers = forms.BooleanField(required=False, label="My review gives away the plot")

    def clean_headline(self) -> str:
        headline = " ".join(clean(self.cleaned_data["headline"]).split())
        if ">!" in headline:
            raise ValidationError("A headline is always seen: it cannot hold a spoiler.")
        return headline

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or "en"

    def typed(self) -> dict[str, Any]:
        """What was typed, valid or not, to be kept while its author signs in. Cut to what the form accepts."""
        return {
            "rating": str(self.data.get("rating", ""))[:2],
            "headline": str(self.data.get("headline", ""))[:MOST_HEADLINE],
            "text": str(self.data.get("text", ""))[:MOST_TEXT],
            "language": str(self.data.get("language", "en"))[:3],
            "has_spoilers": "has_spoilers" in self.data,
        }

    @property
    def fits_a_draft(self) -> bool:
        """Whether a draft can hold all that was typed."""
        typed = self.typed()
        return all(len(self.data.get(name, "")) == len(typed[name]) for name in ("headline", "text"))

    def draft(self) -> dict[str, Any]:
        """What was typed, as a draft takes it: no rating where none is chosen."""
        typed = self.typed()
        rating, language = typed.pop("rating"), typed.pop("language")
        return {
            **typed,
            "headline": " ".join(clean(typed["headline"]).split()),
            "text": clean(typed["text"]),
            "rating": int(rating) if rating in {str(score) for score, _ in RATINGS} else None,
            "language_id": language if LanguageField().valid_value(language) else "en",
        }


class GuestForm(forms.Form):
    """Who writes without an account."""

    guest_name = forms.CharField(
        max_length=60, label="Your name", help_text="Shown with the review, marked as a guest."
    )
    guest_email = forms.EmailField(
        max_length=254, label="Email", help_text="Never shown. We send a link that confirms the review."
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "honeypot", "tabindex": "-1", "autocomplete": "off"})
    )

    def clean_guest_name(self) -> str:
        return clean_name(self.cleaned_data["guest_name"])

    def clean_guest_email(self) -> str:
        email: str = self.cleaned_data["guest_email"]
        refuse_blocked_domain(email)
        return email


class ReportForm(forms.ModelForm):
    """What is wrong with a review."""

    class Meta:
        model = Report
        fields = ["reason", "note"]
        widgets = {"reason": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3})}

    reason = forms.ChoiceField(choices=ReportReason, widget=forms.RadioSelect, label="What is wrong with it?")

    def clean_note(self) -> str:
        return clean(self.cleaned_data["note"])


class ProfileForm(forms.ModelForm):
    """What a member shows, and which mails come."""

    class Meta:
        model = Member
        fields = ["display_name", "wants_decision_mail", "wants_report_mail"]

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        return clean_name(name, of=self.instance) if name else ""


class CloseForm(forms.Form):
    """What becomes of the reviews when an account is deleted; nothing is chosen beforehand."""

    reviews = forms.ChoiceField(
        label="Your reviews and ratings",
        choices=[("keep", "Stay, without my name"), ("remove", "Go with the account")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is to become of your reviews."},
    )


def clean_name(name: str, *, of: Member | None = None) -> str:
    """A name to be shown. Raises ValidationError for one that cannot be read or resembles the staff's: 1 query."""
    name = " ".join(name.split())
    if reason := flaw(name):
        raise ValidationError(reason)
    if not (of and of.is_staff) and resembles_staff(name):
        raise ValidationError("This name is too close to that of somebody who works here.")
    if Member.objects.filter(username__iexact=name).exclude(pk=of.pk if of else 0).exists():
        raise ValidationError("This is somebody else's user name.")
    return name


def resembles_staff(name: str) -> bool:
    """Whether a name is easily taken for one of the staff or of the site: 1 query."""
    staff = Member.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).values_list("username", "display_name")
    taken = {skeleton(known) for names in staff for known in names if known}
    looks = {skeleton(name), *map(skeleton, re.split(r"[^\w@$|!]+", name))}
    return bool(looks & {skeleton(word) for word in RESERVED}) or skeleton(name) in taken


def refuse_blocked_domain(email: str) -> None:
    """Raises ValidationError for an address of a blocked domain or its subdomains, or to no domain at all: 1 query."""
    parts = email.rpartition("@")[2].lower().split(".")
    try:
        ".".join(parts).encode("idna")
    except UnicodeError as error:
        raise ValidationError("Enter a valid email address.") from error
    domains = [".".join(parts[place:]) for place in range(len(parts))]
    if BlockedDomain.objects.filter(domain__in=domains).exists():
        raise ValidationError("Addresses of this domain are not accepted here. Use another one.")
