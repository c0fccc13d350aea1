"""Atom feeds of the newest reviews: all, of a movie, of a member. Spoilers are left out; 304 without rendering."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed

from catalogue.models import Movie
from catalogue.text import shorten
from reviews.markup import scrub
from reviews.models import Member, Review
from reviews.models.review import ReviewQuerySet

LENGTH = 20
EXCERPT = 600  # characters


class _Reviews(Feed):
    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        subject = self.get_object(request, *args, **kwargs)
        told = [
            (item.pk, item.movie.title, item.rating, item.headline, item.by, self.item_description(item))
            for item in self.items(subject)
        ]
        etag = f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"'
        response = get_conditional_response(request, etag=etag) or super().__call__(request, *args, **kwargs)
        response.headers["ETag"] = etag
        del response.headers["Last-Modified"]  # hiding a review moves no date
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return None

    def reviews(self, subject: Any) -> ReviewQuerySet:
        return Review.objects.everywhere().with_words()

    def items(self, subject: Any) -> list[Review]:
        return list(self.reviews(subject).with_movies().for_lists()[:LENGTH])

    def item_title(self, item: Review) -> str:
        title = f"{item.movie} {item.rating}/10"
        return f"{title}: {item.headline}" if item.headline else title

    def item_description(self, item: Review) -> str:
        if item.has_spoilers:
            return "This review gives away the plot. Read it on the site."
        return shorten(scrub(item.text), EXCERPT)

    def item_author_name(self, item: Review) -> str:
        return item.by

    def item_pubdate(self, item: Review) -> datetime:
        return item.published_at

    def item_updateddate(self, item: Review) -> datetime:
        return item.edited_at or item.published_at


class LatestFeed(_Reviews):
    """The newest reviews of all movies."""

    title = f"Reviews – {settings.SITE_NAME}"
    subtitle = "The newest reviews."

    def link(self) -> str:
        return reverse("home")


class MovieFeed(_Reviews):
    """The newest reviews of a movie."""

    def get_object(self, request: HttpRequest, pk: int, slug: str) -> Movie:
        return get_object_or_404(Movie.objects.published().defer("synopsis"), pk=pk)

    def title(self, movie: Movie) -> str:
        return f"Reviews of {movie} – {settings.SITE_NAME}"

    def link(self, movie: Movie) -> str:
        return reverse("reviews:review_list", args=[movie.pk, movie.slug])

    def reviews(self, movie: Movie) -> ReviewQuerySet:
        return movie.reviews.published().with_words()


class MemberFeed(_Reviews):
    """The newest reviews of a member."""

    def get_object(self, request: HttpRequest, username: str) -> Member:
        return get_object_or_404(Member, username=username, is_active=True)

    def title(self, member: Member) -> str:
        return f"Reviews by {member.name} – {settings.SITE_NAME}"

    def link(self, member: Member) -> str:
        return member.get_absolute_url()

    def reviews(self, member: Member) -> ReviewQuerySet:
        return Review.objects.everywhere().with_words().filter(author=member)
