"""Corrections that members suggest: the form, and what became of one's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.curation.corrections import CORRECTIONS
from catalogue.curation.suggesting import suggest, withdraw
from catalogue.curation.tables import KINDS
from catalogue.http import page_of
from catalogue.models import Suggestion
from catalogue.throttle import limited
from catalogue.vocabulary import SuggestionState

PER_PAGE = 30


class WordsForm(forms.Form):
    """What comes with the corrected fields."""

    credits = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        label="Credits",
        help_text="Who should be added, removed or changed, one a line: “add Mieko Harada, Lady Kaede”.",
    )
    source = forms.CharField(
        max_length=500,
        label="Source",
        help_text="Where an editor can check it: an address, a book, the credits of the film.",
    )
    comment = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea({"rows": 3}), label="Comment for the editor"
    )


@never_cache
@login_required
@limited("suggestion")
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_form(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The plain fields of a movie or person, filled in, to be corrected."""
    record = _record(request, kind, pk)
    if any("\0" in text for _, texts in request.POST.lists() for text in texts):
        raise BadRequest("The form holds a NUL byte.")
    data = request.POST.dict() if request.method == "POST" else None
    # A form of its own copy: checking it writes into the instance what the page must not print.
    form, words = CORRECTIONS[kind](data, instance=_record(request, kind, pk)), WordsForm(data)
    if data is not None and form.is_valid() & words.is_valid():
        if form.changes or words.cleaned_data["credits"]:
            return _keep(request, kind, record, form.changes, words.cleaned_data)
        words.add_error(None, "Nothing is different from what we have: change a field first.")
    context = {"record": record, "kind": kind, "form": form, "words": words}
    return render(request, "catalogue/suggestion_form.html", context)


def _record(request: HttpRequest, kind: str, pk: int) -> Any:
    if kind not in CORRECTIONS:
        raise Http404("Nothing of this kind is corrected here.")
    record = get_object_or_404(KINDS[kind], pk=pk)
    if not getattr(record, "is_published", True):
        raise Http404("There is no such movie.")
    if getattr(request.user, "is_suspended", False):
        raise PermissionDenied("Your account cannot suggest anything for now.")
    return record


def _keep(request: HttpRequest, kind: str, record: Any, changes: Any, words: dict[str, str]) -> HttpResponse:
    try:
        suggestion = suggest(kind, record, request.user, changes, words)
    except ValidationError as error:  # a trusted member's, which somebody else has just made impossible
        messages.error(request, " ".join(error.messages))
        return redirect("suggestion_form", kind, record.pk)
    is_open = suggestion.state == SuggestionState.OPEN
    text = "Thank you. An editor looks at it; what became of it stands here." if is_open else "Thank you. It is done."
    messages.success(request, text)
    return redirect("my_suggestions")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_suggestions(request: HttpRequest) -> HttpResponse:
    """One's own suggestions, newest first, with what was decided and why. POST withdraw=12 takes one back."""
    mine = Suggestion.objects.filter(made_by=request.user.pk)
    if request.method == "POST":
        key = request.POST.get("withdraw", "")
        suggestion = get_object_or_404(mine, pk=key if key.isascii() and key.isdigit() and len(key) < 19 else 0)
        done = withdraw(suggestion)
        messages.success(request, "Withdrawn." if done else "Somebody has decided about it already.")
        return redirect("my_suggestions")
    return render(request, "catalogue/my_suggestions.html", {"page": page_of(request, mine, PER_PAGE)})
