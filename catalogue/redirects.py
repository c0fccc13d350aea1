"""Old addresses of merged records lead to where they went, for ever: the page, its credits, reviews and feeds."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import ResolverMatch, reverse

from catalogue.models import Movie, Person, Redirect, Studio
from catalogue.models.redirect import KEY

ROUTES = {
    "movies/<int:pk>": ("movie", "pk"),
    "people/<int:pk>": ("person", "pk"),
    "studios/<int:pk>": ("studio", "pk"),
    "charts/<slug:slug>/<slug:by>": ("studio", "value"),
}


class RedirectMiddleware:
    """Answers 301 where a page would be a 404 and its movie, person or studio was merged: 2 queries, on a 404 alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or request.method not in ("GET", "HEAD"):
            return response
        address = moved_to(match)
        if not address:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def moved_to(match: ResolverMatch) -> str:
    """Where the record of an address went, "" for one that was not merged or is not to be seen."""
    kind, name = next((found for route, found in ROUTES.items() if match.route.startswith(route)), ("", ""))
    key = match.kwargs.get(name)
    if match.kwargs.get("by", kind) != kind:
        return ""  # a chart of something else
    old = Redirect.objects.filter(kind=kind, name=KEY, value=str(key)).first() if kind and key else None
    if old is None:
        return ""
    records = {"movie": Movie.objects.published(), "person": Person.objects.all(), "studio": Studio.objects.all()}
    slug = records[kind].filter(pk=old.target).values_list("slug", flat=True).first()
    if slug is None:
        return ""
    slugs = {"slug": slug} if "slug" in match.kwargs and name == "pk" else {}
    return reverse(match.view_name, kwargs={**match.kwargs, name: old.target, **slugs})
