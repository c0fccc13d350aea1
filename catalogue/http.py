"""What every response and request has in common: headers, the cache policy, input no page can use. A leaf."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Protocol, cast
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
SPECULATION_RULES = '"/speculation-rules.json"'
MOST_QUERY = 4_000  # characters of a query string; the longest page of ours uses a few hundred
MOST_SEARCH = 200  # characters searched for at the desk, where each word becomes conditions of one query
MOST_COUNTED = 10_000  # rows
THEMES = ("light", "dark")
MOST_PAGES = 400  # what can be reached by number in a list that the database counts through

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip


class Rows(Protocol):
    """Rows whose number and places are known without counting through them."""

    def __len__(self) -> int: ...

    def __getitem__(self, places: slice, /) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class SecurityHeadersMiddleware:
    """The two headers no package sets, and who may keep a page.

    A page for visitors is the same for all who chose no theme and may be kept if it is checked again; what a signed-in
    reader gets is theirs alone. A view that knows better has set Cache-Control itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        private = has_session(request) or response.cookies or request.method not in ("GET", "HEAD")
        if "Cache-Control" not in response.headers:
            if not private and not theme_of(request) and response.status_code in (200, 304):
                _let_proxies_keep(request, response)
            kept = "private, no-cache" if theme_of(request) else "no-cache"
            response.headers["Cache-Control"] = "private, no-store" if private else kept
        if not private and response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Speculation-Rules"] = SPECULATION_RULES  # what is for one reader is never kept ahead
        return response


def _let_proxies_keep(request: HttpRequest, response: HttpResponse) -> None:
    """Say to those before the site how long they may give visitors this page; browsers go on asking each time."""
    if settings.MICRO_CACHE_SECONDS:
        # For nginx alone, which passes it on to nobody; older ones heed it only before Cache-Control.
        response.headers["X-Accel-Expires"] = str(settings.MICRO_CACHE_SECONDS)
    if settings.CDN_SECONDS:
        kept, stale = settings.CDN_SECONDS, settings.CDN_STALE_SECONDS
        said = f"public, max-age={kept}, stale-while-revalidate={stale}, stale-if-error={stale}"
        response.headers["CDN-Cache-Control"] = said  # RFC 9213
    if settings.CDN_TAG_HEADER:
        separator = "," if settings.CDN_TAG_HEADER.lower() == "cache-tag" else " "
        response.headers[settings.CDN_TAG_HEADER] = separator.join(tags_of(request))


def tags_of(request: HttpRequest) -> list[str]:
    """What a page can be purged by: its kind, and the record it is about: ["movie_detail", "movie-42"]."""
    match = request.resolver_match
    if match is None:
        return []
    kind = "movie" if match.namespace == "reviews" else (match.url_name or "").partition("_")[0]
    about = match.kwargs.get("pk") or match.kwargs.get("slug")
    return [match.view_name.replace(":", "-"), *([f"{kind}-{about}"] if about else [])]


class CleanInputMiddleware:
    """Refuse addresses that no page can mean: NUL bytes, which databases reject, endless query strings and searches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MOST_QUERY:
            raise BadRequest("The address is too long.")
        if "\0" in request.path or "\0" in unquote_plus(query):
            raise BadRequest("The address holds a NUL byte.")
        if request.resolver_match and request.resolver_match.app_name == "admin":
            _refuse_at_the_desk(request)


def _refuse_at_the_desk(request: HttpRequest) -> None:
    """Django's admin hands to the database what the site's own forms refuse themselves."""
    if len(request.GET.get("q", request.GET.get("term", ""))) > MOST_SEARCH:
        raise BadRequest("The search is too long.")
    if any("\0" in text for _, texts in request.POST.lists() for text in texts):
        raise BadRequest("The form holds a NUL byte.")


class MessageStorage(CookieStorage):
    """Messages in a cookie that lives until they are read: writing them costs the database nothing."""

    cookie_name = f"{settings.SESSION_COOKIE_NAME.removesuffix('sessionid')}messages"  # __Host- with TLS


def site_address(path: str) -> str:
    """The full address of a path of ours as mails name it: never from a request, whose Host header is the visitor's.

    Without settings.SITE_URL it is the first of ALLOWED_HOSTS; `check --deploy` warns of that.
    """
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    return f"{settings.SITE_URL or f'https://{host}'}{path}"


def has_session(request: HttpRequest) -> bool:
    """Whether the reader may be signed in. Costs nothing; visitors have no session cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def theme_of(request: HttpRequest) -> str:
    """The display the reader chose in static/js/site.js, "light" or "dark"; "" follows the system's."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


class CappedPaginator(Paginator[Any]):
    """Counts no further than an editor ever turns pages: a million rows are not read for the foot of a list."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else int(rows.order_by()[:MOST_COUNTED].count())


class NoPageError(Http404):
    """A list was asked for a page it does not have. ``last``: how many it has, at least 1."""

    def __init__(self, last: int) -> None:
        super().__init__("There is no such page.")
        self.last = last


def page_of(request: HttpRequest, rows: "QuerySet[Any] | Rows", per_page: int) -> Page[Any]:
    """The page that ?page= asks for. Raises NoPageError for a number that is none, or has no page."""
    text = request.GET.get("page", "1")
    most = MOST_PAGES if isinstance(rows, QuerySet) else 10**6
    paginator = Paginator(cast("QuerySet[Any]", rows), per_page)
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else 0
    if not 1 <= number <= most:
        raise NoPageError(min(paginator.num_pages, most))
    try:
        return paginator.page(number)
    except EmptyPage as error:
        raise NoPageError(min(paginator.num_pages, most)) from error
