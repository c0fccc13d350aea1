"""The public page of a member."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalogue.http import page_of
from catalogue.models import Suggestion
from catalogue.models.movie import SCORES
from reviews.models import Member, Review

PER_PAGE = 20


@require_safe
def member_detail(request: HttpRequest, username: str) -> HttpResponse:
    """Who a member is, as far as they show it: since when, their ratings' spread, their reviews, newest first."""
    member = get_object_or_404(Member, username=username, is_active=True)
    mine = Review.objects.everywhere().filter(author=member)
    counts = Counter(mine.order_by().values_list("rating", flat=True))
    page = page_of(request, mine.with_words().with_movies().for_lists(), PER_PAGE)
    context = {
        "who": member,
        "page": page,
        "bars": [counts[score] for score in SCORES],
        "total": counts.total(),
        "helped": Suggestion.objects.that_helped(member),
    }
    return render(request, "reviews/member_detail.html", context)
