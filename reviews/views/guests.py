"""Reviews without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import Movie
from catalogue.throttle import is_allowed, may_be_mailed, too_many
from reviews.forms import GuestForm, ReviewForm
from reviews.services.guests import LinkError, confirm_guest_review, find_guest_review, send_guest_review


def send_guest(request: HttpRequest, movie: Movie, form: ReviewForm, guest: GuestForm) -> HttpResponse | None:
    """Keep a guest's review and mail the link; None when something is wrong. The answer never tells who is known."""
    if not (form.is_valid() & guest.is_valid()):  # both, so that everything wrong is said at once
        return None
    if not is_allowed(request, "guest"):
        return too_many(request, "guest")
    if not guest.cleaned_data["website"]:  # filled in by robots alone, who use up nobody's mails
        if not may_be_mailed(guest.cleaned_data["guest_email"]):
            return too_many(request, "mail")
        words = dict(form.cleaned_data)
        send_guest_review(
            movie=movie,
            name=guest.cleaned_data["guest_name"],
            email=guest.cleaned_data["guest_email"],
            language_id=words.pop("language"),
            **words,
        )
    return render(request, "reviews/guest_sent.html", {"movie": movie})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then send a guest's review to the moderators. Opening the link changes nothing: mail programs do."""
    try:
        review = confirm_guest_review(token) if request.method == "POST" else find_guest_review(token)
    except LinkError as error:
        context = {"status": 404, "title": "This link does not work", "text": str(error)}
        return render(request, "error.html", context, status=404)
    return render(request, "reviews/guest_confirm.html", {"movie": review.movie, "review": review})
