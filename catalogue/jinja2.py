"""The environment of the public pages' templates: what they may call. A project-level file, like urls.py: it alone
knows both packages, so that the movie page can show reviews without catalogue depending on them.
"""

import json
import re
from collections.abc import Iterable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, StrictUndefined

from catalogue import images, structured_data
from catalogue.browse import FACETS, Counts
from catalogue.browse.filters import NAMES, Names, Option
from catalogue.cards import Card, Tile
from catalogue.codegen import PlainEnvironment
from catalogue.compiled import path_of, records
from catalogue.credits import Line
from catalogue.facts import Facts
from catalogue.http import has_session, theme_of
from catalogue.models import AlternativeName, Movie, Person
from catalogue.structured_data import Json
from catalogue.text import browser, initials, paragraphs, shorten, squeeze
from reviews.markup import keep_together, prose, scrub
from reviews.models import Member, Review, Vote
from reviews.services import settle_early

SHOWN_REVIEWS = 6
LATEST_REVIEWS = 3
LAST = {"sort": 1, "view": 2, "page": 3}  # parameters behind the filters


def environment(**options: Any) -> Environment:
    """Called by Django's template backend. A name that no view gave is an error, not an empty place."""
    # options: autoescape=True and the loader, from Django.
    env = PlainEnvironment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    env.globals.update(
        url=path_of,
        static=lru_cache(maxsize=256)(static),
        icon=icon,
        card=partial(card, env),
        facets=partial(facets, env),
        picture=picture,
        srcset=srcset,
        reviews_of=reviews_of,
        reader=reader,
        theme_of=theme_of,
        notices=notices,
        absolute=absolute,
        squeeze=squeeze,
        initials=initials,
        media_origin=settings.MEDIA_ORIGIN,
        site_name=settings.SITE_NAME,
        site_tagline=settings.SITE_TAGLINE,
        is_demo=settings.DEMO,
        query=query,
        latest_reviews=latest_reviews,
        votes_of=votes_of,
        own_review=own_review,
        movie_data=movie_data,
        person_data=person_data,
        breadcrumb_data=breadcrumb_data,
        site_data=site_data,
    )
    env.filters.update(
        paragraphs=paragraphs,
        shorten=shorten,
        json_ld=json_ld,
        count=lambda number: f"{number:,}",
        one_decimal=lambda number: f"{number:.1f}",
        day=lambda moment: f"{moment.day} {moment:%B %Y}",
        moment=lambda moment: f"{moment.day} {moment:%B %Y, %H:%M} UTC",
        browser=browser,
        prose=prose,
        scrub=scrub,
        keep_together=keep_together,
        runtime=runtime,
        mark=mark,
    )
    return env


def picture(image: str | None, kind: str, ending: str = "webp") -> list[tuple[int, str]]:
    """Widths and addresses of the renditions of a picture, narrowest first; none without one."""
    return _addresses(image, kind, ending, settings.MEDIA_URL) if image else []


@lru_cache(maxsize=4096)
def _addresses(image: str, kind: str, ending: str, root: str) -> list[tuple[int, str]]:
    return [(width, default_storage.url(path)) for width, path in images.renditions(kind, image, ending)]


def srcset(sources: Iterable[tuple[int, str]]) -> str:
    """What picture() gives, as the attribute of that name."""
    return ", ".join(f"{path} {width}w" for width, path in sources)


@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A line drawing of templates/components/icons.svg; decorative, so its label stands beside it.

    It is drawn in place: a file of its own would come after the first paint, and move everything once more.
    """
    turns = " icon--dir" if name in ("next", "prev", "out", "list", "search") else ""
    kind = format_html(' class="icon{}"', turns) if name != "mark" else ""
    frame, lines = _drawings()[name]
    return format_html('<svg{} viewBox="{}" aria-hidden="true">{}</svg>', kind, frame, mark_safe(lines))  # noqa: S308


@cache
def _drawings() -> dict[str, tuple[str, str]]:
    """The frame and the lines of each drawing, by name."""
    file = Path(settings.BASE_DIR) / "templates" / "components" / "icons.svg"
    found = _SYMBOL.findall(file.read_text(encoding="utf-8"))
    return {name: (frame, lines) for name, frame, lines in found}


_SYMBOL = re.compile('<symbol id="([a-z]+)" viewBox="([^"]+)">(.*)</symbol>')


def card(env: Environment, movie: Card | Tile, why: str = "", also: str = "", is_eager: bool = False) -> SafeString:
    """The card of a movie. It looks the same as long as all its values are the same, and lists show the same ones."""
    assert isinstance(movie, Card | Tile)  # a Movie is equal to itself whatever its values
    return (_card.__wrapped__ if settings.DEBUG else _card)(env, movie, why, also, is_eager)


@lru_cache(maxsize=4096)
def _card(env: Environment, movie: Card | Tile, why: str, also: str, is_eager: bool) -> SafeString:
    macros: Any = env.get_template("components/movie.html").module
    made: SafeString = macros.movie_card(movie, why=why, also=also, eager=is_eager)
    return made


def facets(env: Environment, names: Names, counts: Counts, chosen: dict[str, tuple[Option, ...]]) -> SafeString:
    """The filters beside a list. They look the same as long as names and counts do; a sixth of the page's time."""
    return (_facets.__wrapped__ if settings.DEBUG else _facets)(env, names, counts, tuple(chosen.items()))


@lru_cache(maxsize=128)  # some 20 KB each
def _facets(
    env: Environment, names: Names, counts: Counts, chosen: tuple[tuple[str, tuple[Option, ...]], ...]
) -> SafeString:
    macros: Any = env.get_template("components/browse.html").module
    options = [(facet, NAMES[facet], names.options(facet, counts[facet])) for facet in FACETS]
    made: SafeString = macros.all_facets(options, dict(chosen))
    return made


def reviews_of(movie: Movie) -> list[Review]:
    """The most helpful published reviews of a movie that have words, their authors loaded: 1 query.

    On the first view after a movie's release its early ratings are counted before.
    """
    settle_early(movie)
    reviews = records(_most_helpful, movie.pk)
    for review in reviews:
        review.movie = movie
    return reviews


def _most_helpful(movies: list[int]) -> QuerySet[Review]:
    return Review.objects.filter(movie=movies[0]).published().with_words().for_lists("helpful")[:SHOWN_REVIEWS]


def own_review(member: Member | None, movie: Movie) -> Review | None:
    """The reader's own review of a movie, if any: 1 query, none for visitors."""
    return Review.objects.filter(movie=movie, author=member).only("pk", "state").first() if member else None


def votes_of(member: Member | None, reviews: Iterable[Review]) -> dict[int, bool]:
    """What a member said of each review: 1 query, none for visitors."""
    keys = [review.pk for review in reviews] if member else []
    return dict(Vote.objects.filter(member=member, review__in=keys).values_list("review", "is_helpful")) if keys else {}


def latest_reviews() -> list[Review]:
    """The newest reviews that can be quoted anywhere, with author and movie: 1 query."""
    return records(_latest, LATEST_REVIEWS)


def _latest(keys: list[int]) -> QuerySet[Review]:
    reviews = Review.objects.everywhere().with_words().with_movies().for_lists()
    return reviews.filter(has_spoilers=False).exclude(text="")[:LATEST_REVIEWS]


def movie_data(
    request: HttpRequest,
    movie: Movie,
    facts: Facts,
    cast: Iterable[Line],
    crew: dict[str, dict[str, list[Line]]],
    reviews: Iterable[Review],
) -> Json:
    """The movie page for search engines, its reviews among it."""
    sources = picture(movie.poster_id, "poster")
    people = [credit for jobs in crew.values() for credits in jobs.values() for credit in credits]
    image = absolute(request, sources[-1][1]) if sources else ""
    data = structured_data.movie(movie, facts, cast, people, absolute(request, "").__add__, image)
    told = [
        structured_data.review(
            headline=review.headline,
            text=scrub(review.text),
            author=review.by,
            rating=review.rating,
            published=review.published_at.date().isoformat(),
            hides=review.has_spoilers,
        )
        for review in reviews
    ]
    return data | ({"review": told} if told else {})


def person_data(request: HttpRequest, person: Person, names: Iterable[AlternativeName]) -> Json:
    """The person page for search engines."""
    sources = picture(person.portrait_id, "portrait")
    image = absolute(request, sources[-1][1]) if sources else ""
    return structured_data.person(person, [other.name for other in names], absolute(request, "").__add__, image)


def breadcrumb_data(request: HttpRequest, items: Iterable[tuple[str, str]]) -> Json:
    """The breadcrumb for search engines."""
    return structured_data.breadcrumbs(items, absolute(request, "").__add__)


def site_data(request: HttpRequest) -> Json:
    """The site for search engines, and how it is searched."""
    return structured_data.site(settings.SITE_NAME, absolute(request, "").__add__, reverse("home"), reverse("search"))


def reader(request: HttpRequest) -> Member | None:
    """Who is signed in, if anybody; costs visitors nothing."""
    if has_session(request) and request.user.is_authenticated:
        return request.user
    return None


def notices(request: HttpRequest) -> list[str]:
    """What the last action has to say, once."""
    return [str(message) for message in get_messages(request)] if has_session(request) else []


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of a path of ours, for those who read the page elsewhere; pictures may have one already."""
    return path if path.startswith("https://") else f"{request.scheme}://{request.get_host()}{path}"


def query(parameters: dict[str, object], **changes: object) -> str:
    """A query string with some parameters changed; what is empty is left out, and so is ``?`` when nothing is left.

    A tuple is a parameter given several times. The order is that of canonical addresses: filters, order, view, page.
    """
    pairs: dict[str, Any] = {
        name: value for name, value in {**parameters, **changes}.items() if value not in (None, "", 1, ())
    }
    ordered = sorted(pairs.items(), key=lambda pair: LAST.get(pair[0], 0))
    return f"?{urlencode(ordered, doseq=True)}" if pairs else "."


def mark(name: str, typed: str) -> SafeString:
    """A name with the beginnings of words that were typed marked.

    >>> mark("Akira Kurosawa", "kuro")
    'Akira <mark>Kuro</mark>sawa'
    """
    parts = [part for part in typed.casefold().split() if part]
    words = []
    for word in name.split(" "):
        part = max((part for part in parts if word.casefold().startswith(part)), key=len, default="")
        words.append(format_html("<mark>{}</mark>{}", word[: len(part)], word[len(part) :]) if part else escape(word))
    return mark_safe(" ".join(words))  # noqa: S308 -- each word is escaped


def runtime(minutes: int) -> str:
    """Minutes as read: "3 h 27 min".

    >>> runtime(207), runtime(60), runtime(45)
    ('3 h 27 min', '1 h', '45 min')
    """
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]))


def json_ld(data: Json) -> SafeString:
    """Structured data for a script element; nothing in it can end that element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(_UNSAFE.sub(_escaped, text))  # noqa: S308 -- escaped


_UNSAFE = re.compile("[<>&\u2028\u2029]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04X}"
