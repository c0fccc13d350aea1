"""schema.org descriptions of our pages, as Google's documentation of Movie and Review snippet asks for them.

Ratings of other places never enter aggregateRating, and texts with spoilers never leave their fold.
"""

from collections.abc import Callable, Iterable
from typing import Any

from catalogue.credits import Line
from catalogue.facts import Facts
from catalogue.models import Movie, Person
from catalogue.text import shorten

Json = dict[str, Any]
Absolute = Callable[[str], str]
MOST_CAST = 15
_JOBS = {"Director": "director", "Original Music Composer": "musicBy", "Producer": "producer"}


def movie(
    movie: Movie, facts: Facts, cast: Iterable[Line], crew: Iterable[Line], absolute: Absolute, image: str
) -> Json:
    """The Movie of a movie page. ``absolute`` makes a path of ours a full address; ``image`` is one, or ""."""
    data: Json = {
        "@context": "https://schema.org",
        "@type": "Movie",
        "name": movie.title,
        "url": absolute(movie.get_absolute_url()),
        "image": image,
        "description": shorten(movie.synopsis, 300),
        "alternateName": list(
            dict.fromkeys(filter(None, [movie.original_title, *(title.title for title in facts.titles)]))
        ),
        "datePublished": str(movie.release_date or ""),
        "duration": f"PT{movie.runtime_minutes}M" if movie.runtime_minutes else "",
        "genre": [genre.name for genre in facts.genres],
        "inLanguage": [code for code, _ in facts.languages],
        "countryOfOrigin": [{"@type": "Country", "name": name} for _, name in facts.countries],
        "productionCompany": [
            {"@type": "Organization", "name": studio.name, "url": absolute(studio.url)} for studio in facts.studios
        ],
        "contentRating": next((release.certification for release in facts.releases if release.certification), ""),
        "actor": [
            _clean({"@type": "PerformanceRole", "actor": _person(credit, absolute), "characterName": credit.character})
            for credit in list(cast)[:MOST_CAST]
        ],
        "sameAs": _same_as(movie),
        "trailer": [{"@type": "VideoObject", "name": video.title, "url": video.url} for video in facts.videos[:1]],
    }
    for credit in crew:
        name = _JOBS.get(credit.job) or ("author" if credit.department == "writing" else "")
        if name:
            people = data.setdefault(name, [])
            if (known := _person(credit, absolute)) not in people:
                people.append(known)
    if movie.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(movie.rating_sum / movie.rating_count, 1),
            "ratingCount": movie.rating_count,
            "bestRating": 10,
            "worstRating": 1,
        }
    return _clean(data)


def person(person: Person, names: Iterable[str], absolute: Absolute, image: str) -> Json:
    """The Person of a person's page."""
    return _clean(
        {
            "@context": "https://schema.org",
            "@type": "Person",
            "name": person.name,
            "alternateName": list(names),
            "url": absolute(person.get_absolute_url()),
            "image": image,
            "birthDate": str(person.born_on or ""),
            "deathDate": str(person.died_on or ""),
            "birthPlace": {"@type": "Place", "name": person.birthplace} if person.birthplace else "",
            "description": shorten(person.biography, 300),
            "sameAs": _same_as(person),
        }
    )


def breadcrumbs(items: Iterable[tuple[str, str]], absolute: Absolute) -> Json:
    """The way to a page: names and paths, from the home page on."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(items, 1)
        ],
    }


def review(*, headline: str, text: str, author: str, rating: int, published: str, hides: bool) -> Json:
    """A Review nested in a Movie. ``hides``: its words give away the plot, so only the rating is told."""
    return _clean(
        {
            "@type": "Review",
            "author": {"@type": "Person", "name": author},
            "datePublished": published,
            "name": headline,
            "reviewBody": "" if hides else shorten(text, 500),
            "reviewRating": {"@type": "Rating", "ratingValue": rating, "bestRating": 10, "worstRating": 1},
        }
    )


def site(name: str, absolute: Absolute, home: str, search: str) -> Json:
    """The WebSite of the home page."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": name,
        "url": absolute(home),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(search)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def _person(credit: Line, absolute: Absolute) -> Json:
    data: Json = {"@type": "Person", "name": credit.name}
    if credit.person:
        data["url"] = absolute(credit.person.get_absolute_url())
    return data


def _same_as(record: Movie | Person) -> list[str]:
    part, kind = ("title", "movie") if isinstance(record, Movie) else ("name", "person")
    links = [
        f"https://www.imdb.com/{part}/{record.imdb_id}/" if record.imdb_id else "",
        f"https://www.themoviedb.org/{kind}/{record.tmdb_id}" if record.tmdb_id else "",
        f"https://www.wikidata.org/wiki/{record.wikidata_id}" if record.wikidata_id else "",
    ]
    return [link for link in links if link]


def _clean(data: Json) -> Json:
    """Leave out what is not known: an empty value says less than none."""
    return {key: value for key, value in data.items() if value not in ("", [], None)}
