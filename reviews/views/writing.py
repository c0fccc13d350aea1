"""Writing about a movie, and about what others wrote."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.models import Movie
from catalogue.throttle import limited
from reviews.forms import GuestForm, ReportForm, ReviewForm
from reviews.models import Draft, Member, Report, Review, ReviewState
from reviews.services import discard_draft, publish_review, report_review, save_draft, vote, withdraw_review
from reviews.views.guests import send_guest
from reviews.views.reviews import visible_review

SESSION_KEY = "typed_review"  # {movie key: what was typed}, until its author has signed in
SAID = {
    ReviewState.PUBLISHED: "Your review is published. Thank you.",
    ReviewState.HIDDEN: "A moderator has taken this review down. It was not changed.",
    ReviewState.REMOVED: "A moderator has taken this review down. It was not changed.",
    ReviewState.HELD: "Thank you. A moderator looks at your review before it appears; see My reviews.",
}
WORDS_OF_VOTES = {"yes": True, "no": False, "none": None}


def refuse_suspended(member: Member) -> None:
    """Raises PermissionDenied for a suspended member."""
    if member.is_suspended:
        raise PermissionDenied("This account is suspended: it can read, but not post, vote or report.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("review")
def review_form(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Write or rewrite one's review. A visitor's is kept during sign-up or sent as a guest's."""
    movie = get_object_or_404(Movie.objects.published().for_writing(), pk=pk)
    author = request.user if request.user.is_authenticated else None
    guest = None if author or not settings.GUEST_REVIEWS else GuestForm(None)
    form = ReviewForm(request.POST)
    if request.method == "POST":
        if author:
            response = _post(request, movie, author, form)
        elif guest and request.POST.get("action") == "guest":
            guest = GuestForm(request.POST)
            response = send_guest(request, movie, form, guest)
        else:
            response = _sign_up_first(request, movie, form) if form.is_valid() else None
        if response:
            return response
    review = Review.objects.filter(movie=movie, author=author).first() if author else None
    draft = Draft.objects.filter(movie=movie, author=author).first() if author else None
    if request.method != "POST":
        form = ReviewForm(initial=_initial(request, movie, review, draft))
    typed = request.method != "POST" and author is not None and str(movie.pk) in request.session.get(SESSION_KEY, {})
    context = {"movie": movie, "form": form, "review": review, "draft": draft, "guest": guest, "typed": typed}
    return render(request, "reviews/review_form.html", context, status=422 if request.method == "POST" else 200)


def _post(request: HttpRequest, movie: Movie, author: Member, form: ReviewForm) -> HttpResponse | None:
    refuse_suspended(author)
    action = request.POST.get("action")
    if action == "draft" and form.fits_a_draft:
        save_draft(movie=movie, author=author, **form.draft())
        messages.success(request, "Your draft is saved. Only you see it.")
        return redirect(request.path)
    if action == "discard":
        discard_draft(movie=movie, author=author)
        messages.success(request, "The draft is discarded.")
        return redirect(request.path)
    if not form.is_valid():
        return None
    published = publish_review(movie=movie, author=author, **form.cleaned_data)
    if SESSION_KEY in request.session:
        del request.session[SESSION_KEY]
    said = SAID.get(ReviewState(published.state), "Your change is kept.")
    if published.state == ReviewState.PUBLISHED and not published.has_words:
        said = "Your rating counts. Thank you."
    messages.success(request, "Saved." if published.edited_at and published.state == ReviewState.PUBLISHED else said)
    if published.state != ReviewState.PUBLISHED:
        return redirect(published)
    return redirect(f"{movie.get_absolute_url()}#review-{published.pk}" if published.has_words else movie)


def _sign_up_first(request: HttpRequest, movie: Movie, form: ReviewForm) -> HttpResponse:
    request.session[SESSION_KEY] = {str(movie.pk): form.typed()}
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")


def _initial(request: HttpRequest, movie: Movie, review: Review | None, draft: Draft | None) -> dict[str, object]:
    # Before has_session there is no session to read, and visitors get none by looking.
    typed = request.session.get(SESSION_KEY, {}).get(str(movie.pk))
    if typed:
        return dict(typed)
    if known := draft or review:
        words = {name: getattr(known, name) for name in ("rating", "headline", "text", "has_spoilers")}
        return {**words, "language": known.language_id}
    return {}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_delete(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask, then delete one's own review."""
    assert request.user.is_authenticated
    movie = get_object_or_404(Movie.objects.for_writing(), pk=pk)
    if request.method == "POST":
        try:
            withdraw_review(movie=movie, author=request.user)
        except Review.DoesNotExist as error:
            raise Http404("There is no review of yours.") from error
        messages.success(request, "Your review is deleted.")
        return redirect(movie)
    review = get_object_or_404(Review.objects.select_related("movie", "author"), movie=movie, author=request.user)
    return render(request, "reviews/review_delete.html", {"movie": movie, "review": review})


@login_required
@require_POST
@limited("vote")
def review_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a review helps: helpful=yes, no, or none to take it back."""
    assert request.user.is_authenticated
    refuse_suspended(request.user)
    said = request.POST.get("helpful")
    if said in WORDS_OF_VOTES:
        try:
            vote(review=pk, member=request.user, is_helpful=WORDS_OF_VOTES[said])
        except Review.DoesNotExist as error:
            raise Http404("There is no such review.") from error
    back = request.POST.get("back", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = reverse("review_detail", args=[pk])
    return HttpResponseRedirect(f"{back}#vote-{pk}")  # the focus goes to the new count, the buttons come next


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("report")
def review_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the moderators what is wrong with a review."""
    assert request.user.is_authenticated
    refuse_suspended(request.user)
    review = visible_review(request, pk)
    form = ReportForm(
        request.POST if request.method == "POST" else None, instance=Report(review=review, reporter=request.user)
    )
    if request.method == "POST" and form.is_valid():
        report_review(review=review, reporter=request.user, **form.cleaned_data)
        messages.success(request, "Thank you. A moderator will look at it, and you will hear what became of it.")
        return redirect(review)
    context = {"movie": review.movie, "review": review, "form": form}
    return render(request, "reviews/review_report.html", context, status=422 if form.errors else 200)
