"""People."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from catalogue.http import page_of
from catalogue.models import Credit, Movie, Person
from catalogue.vocabulary import Department

PER_PAGE = 48
MOST_CREDITS = 3_000


@dataclass(slots=True)
class Work:
    """One movie in a person's list of a department: what they did in it."""

    movie: Movie
    parts: list[str]
    is_uncredited: bool = False


def filmography(person: Person, *, published_only: bool) -> dict[str, list[Work]]:
    """Movies by department, most work first, newest first; several jobs of one movie are one entry: 1 query."""
    credits = Credit.objects.filter(person=person).select_related("movie").defer("movie__synopsis")
    if published_only:
        credits = credits.filter(movie__is_published=True)
    works: dict[str, dict[int, Work]] = {}
    for credit in credits.order_by("movie", "pk")[:MOST_CREDITS]:
        of_department = works.setdefault(credit.department, {})
        work = of_department.setdefault(credit.movie_id, Work(credit.movie, []))
        part = credit.character if credit.department == Department.ACTING else credit.job
        if part and part not in work.parts:
            work.parts.append(part)
        work.is_uncredited |= credit.is_uncredited
    lists = {Department(key): list(found.values()) for key, found in works.items()}
    for found in lists.values():
        found.sort(key=lambda work: (str(work.movie.release_date or "9999"), work.movie.sort_title), reverse=True)
    order = sorted(lists, key=lambda department: (-len(lists[department]), department.label))
    return {department.label: lists[department] for department in order}


@require_safe
def person_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A person's life and movies. 4 queries."""
    person = get_object_or_404(Person.objects.select_related("portrait"), pk=pk)
    if slug != person.slug:
        return redirect(person, permanent=True)
    context = {
        "person": person,
        "names": list(person.alternative_names.all()),
        "lists": filmography(person, published_only=True),
        "namesakes": list(Person.objects.for_lists().filter(name=person.name).exclude(pk=person.pk)[:12]),
    }
    return render(request, "catalogue/person_detail.html", context)


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """People by how many credits they have. 2 queries."""
    people = Person.objects.for_lists().filter(credit_count__gt=0).order_by("-credit_count", "sort_name", "pk")
    return render(request, "catalogue/person_list.html", {"page": page_of(request, people, PER_PAGE)})
