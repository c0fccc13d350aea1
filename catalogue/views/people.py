"""People."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalogue.cards import BRIEF, Brief
from catalogue.compiled import records, rows
from catalogue.http import page_of
from catalogue.models import AlternativeName, Credit, Person
from catalogue.vocabulary import Department

PER_PAGE = 48
MOST_PEOPLE = 200 * PER_PAGE
MOST_CREDITS = 3_000
NAMESAKES = 12


@dataclass(slots=True)
class Work:
    """One movie in a person's list of a department: the parts they played in it, or the jobs they did."""

    movie: Brief
    parts: list[str]


def _credits(people: list[int]) -> QuerySet[Any, Any]:
    of_person = Credit.objects.filter(person=people[0], movie__is_published=True).order_by("movie", "pk")
    movie = (f"movie__{name}" for name in BRIEF)
    return of_person.values_list("department", "character", "job", "is_voice", "is_uncredited", *movie)[:MOST_CREDITS]


def filmography(person: Person) -> dict[str, list[Work]]:
    """Published movies by department, most work first, newest first; all jobs of a movie are one entry: 1 query."""
    works: dict[str, dict[int, Work]] = {}
    for department, character, job, is_voice, is_uncredited, *row in rows(_credits, [person.pk]):
        of_department = works.setdefault(department, {})
        work = of_department.get(row[0])
        if work is None:
            work = of_department[row[0]] = Work(Brief._make(row), [])
        part = character or job
        if is_voice:
            part = f"{part} (voice)".lstrip()
        if is_uncredited:
            part = f"{part} (uncredited)".lstrip()
        if part and part not in work.parts:
            work.parts.append(part)
    lists = {Department(key): list(found.values()) for key, found in works.items()}
    for found in lists.values():
        found.sort(key=lambda work: (work.movie.date or "9999", work.movie.sort_title), reverse=True)
    order = sorted(lists, key=lambda department: (-len(lists[department]), department.label))
    return {department.label: lists[department] for department in order}


@require_safe
def person_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A person's life and movies. 4 queries."""
    person = next(iter(records(_whole, pk)), None)
    if person is None:
        raise Http404("There is no such person.")
    if slug != person.slug:
        return redirect(person, permanent=True)
    lists = filmography(person)
    movies = {work.movie.pk: work.movie.year for works in lists.values() for work in works}
    context = {
        "person": person,
        "names": records(_names, pk),
        "lists": lists,
        "movies": len(movies),
        "years": sorted({year for year in movies.values() if year}),
        "namesakes": records(_namesakes, pk),
    }
    return render(request, "catalogue/person_detail.html", context)


def _whole(people: list[int]) -> QuerySet[Person]:
    whole = Person.objects.filter(pk=people[0]).order_by().defer("provenance", "locked_fields")
    return whole.select_related("portrait")


def _names(people: list[int]) -> QuerySet[AlternativeName]:
    return AlternativeName.objects.filter(person=people[0])


def _namesakes(people: list[int]) -> QuerySet[Person]:
    name = Person.objects.filter(pk=people[0]).order_by().values("name")
    return Person.objects.for_lists().filter(name=Subquery(name)).exclude(pk=people[0])[:NAMESAKES]


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """People by how many credits they have, the first ``MOST_PEOPLE`` of them. 2 queries."""
    people = Person.objects.for_lists().filter(credit_count__gt=0).order_by("-credit_count", "sort_name", "pk")
    # Counting two million takes longer than all the rest; who is further back is found by name.
    page = page_of(request, people[:MOST_PEOPLE], PER_PAGE)
    return render(request, "catalogue/person_list.html", {"page": page, "most": MOST_PEOPLE})
