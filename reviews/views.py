"""Pages of reviews. HTTP only."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.http import page_of
from catalogue.models import Movie
from reviews.forms import ReviewForm
from reviews.models import Review
from reviews.services import delete_review, publish_review

PER_PAGE = 20
SESSION_KEY = "typed_review"  # {movie key: what was typed}, until its author has signed in


@require_safe
def review_list(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """All reviews of a movie, newest first."""
    movie = get_object_or_404(Movie.objects.published().for_cards(), pk=pk)
    if slug != movie.slug:
        return redirect("reviews:review_list", pk, movie.slug, permanent=True)
    page = page_of(request, movie.reviews.published().with_words().for_lists(), PER_PAGE)
    return render(request, "reviews/review_list.html", {"movie": movie, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_form(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Write or rewrite one's review. Visitors may fill it in; it is kept while they sign up or in."""
    movie = get_object_or_404(Movie.objects.published().for_cards(), pk=pk)
    author = request.user if request.user.is_authenticated else None
    review = Review.objects.filter(movie=movie, author=author).first() if author else None
    form = ReviewForm(request.POST or None, initial=_initial(request, movie, review))
    if request.method == "POST" and author is None:
        request.session[SESSION_KEY] = {str(movie.pk): form.typed()}
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
    if request.method == "POST" and author and form.is_valid():
        published = publish_review(movie=movie, author=author, **form.cleaned_data)
        request.session.pop(SESSION_KEY, None)
        messages.success(request, "Your review is published. Thank you.")
        return redirect(
            f"{movie.get_absolute_url()}#review-{published.pk}" if published.text or published.headline else movie
        )
    status = 422 if form.errors else 200
    return render(request, "reviews/review_form.html", {"movie": movie, "form": form, "review": review}, status=status)


def _initial(request: HttpRequest, movie: Movie, review: Review | None) -> dict[str, object]:
    # Before has_session there is no session to read, and visitors get none by looking.
    typed = request.session.get(SESSION_KEY, {}).get(str(movie.pk))
    if typed:
        return dict(typed)
    if review:
        return {name: getattr(review, name) for name in ("rating", "headline", "text", "has_spoilers")}
    return {}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_delete(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask, then delete one's own review."""
    review = get_object_or_404(Review.objects.select_related("movie"), movie=pk, author=request.user)
    if request.method == "POST":
        delete_review(review)
        messages.success(request, "Your review is deleted.")
        return redirect(review.movie)
    return render(request, "reviews/review_delete.html", {"movie": review.movie, "review": review})
