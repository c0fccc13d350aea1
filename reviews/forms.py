"""The forms of members."""

from typing import Any

from django import forms

from catalogue.text import clean
from reviews.models import MOST_HEADLINE, MOST_TEXT

RATINGS = [(score, str(score)) for score in range(1, 11)]


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
    has_spoilers = forms.BooleanField(required=False, label="My review gives away the plot")

    def clean_headline(self) -> str:
        return " ".join(clean(self.cleaned_data["headline"]).split())

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    def typed(self) -> dict[str, Any]:
        """What was typed, valid or not, to be kept while its author signs in. Cut to what the form accepts."""
        return {
            "rating": str(self.data.get("rating", ""))[:2],
            "headline": str(self.data.get("headline", ""))[:MOST_HEADLINE],
            "text": str(self.data.get("text", ""))[:MOST_TEXT],
            "has_spoilers": "has_spoilers" in self.data,
        }
