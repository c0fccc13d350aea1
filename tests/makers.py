"""Records for tests, made of as little as the database accepts; what matters to a test is said in the test."""

import itertools
import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.utils import timezone

from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.models import Credit, Genre, Movie, MovieGenre, MovieStudio, Person, Studio
from catalogue.text import slugify
from catalogue.vocabulary import Department
from reviews.groups import MODERATORS
from reviews.models import Action, Member, Review
from reviews.services import Verdict, decide, publish_review
from reviews.sessions import BEGAN

PASSWORD = "a long and dull password"
_numbers = itertools.count(1)


def make_genre(name: str = "Drama") -> Genre:
    """The genre of this name."""
    return Genre.objects.get_or_create(name=name, defaults={"slug": slugify(name, "genre")})[0]


def make_movie(title: str = "", *, genres: Any = (), studios: Any = (), **columns: Any) -> Movie:
    """A published movie; genres and studios by name."""
    movie = Movie.objects.create(title=title or f"Movie {next(_numbers)}", **{"is_published": True, **columns})
    for place, name in enumerate(genres):
        MovieGenre.objects.create(movie=movie, genre=make_genre(name), position=place)
    for place, name in enumerate(studios):
        studio, _ = Studio.objects.get_or_create(name=name)
        MovieStudio.objects.create(movie=movie, studio=studio, position=place)
    refresh_movies([movie.pk])
    movie.refresh_from_db()
    return movie


def make_person(name: str = "", **columns: Any) -> Person:
    """A person."""
    person = Person.objects.create(name=name or f"Person {next(_numbers)}", **columns)
    refresh_people([person.pk])
    return person


def make_cast(movie: Movie, name: str = "", character: str = "", **columns: Any) -> Credit:
    """A part in a movie, billed last; the person of that name, made if need be."""
    person = Person.objects.filter(name=name).first() or make_person(name)
    place = movie.credits.filter(department=Department.ACTING).count()
    credit = Credit.objects.create(
        movie=movie, **{"person": person, "character": character, "billing_order": place, **columns}
    )
    _follow(credit)
    return credit


def make_crew(movie: Movie, name: str = "", job: str = "Director", department: str = Department.DIRECTING) -> Credit:
    """A job in a movie."""
    person = Person.objects.filter(name=name).first() or make_person(name)
    credit = Credit.objects.create(movie=movie, person=person, job=job, department=department)
    _follow(credit)
    return credit


def _follow(credit: Credit) -> None:
    if credit.person_id:
        refresh_people([credit.person_id])
    refresh_movies([credit.movie_id])


def make_member(username: str = "", **columns: Any) -> Member:
    """Somebody with an account and ``PASSWORD``."""
    member = Member(username=username or f"member{next(_numbers)}", **columns)
    member.set_password(PASSWORD)
    member.save()
    return member


def sign_in(member: Member) -> str:
    """The key of a session in which a member is signed in, for what sends its requests by itself."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(member.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY], session[BEGAN] = member.get_session_auth_hash(), int(time.time())
    session.save()
    return str(session.session_key)


def make_review(movie: Movie, author: Member | None = None, rating: int = 8, **words: Any) -> Review:
    """A published review with words."""
    words = {"headline": "Seen twice", "text": "It holds.", **words}
    return publish_review(movie=movie, author=author or make_member(), rating=rating, **words)


def make_moderator(username: str = "") -> Member:
    """A member of the Moderators group, with that group's rights and no others."""
    moderator = make_member(username, is_staff=True)
    moderator.groups.set(Group.objects.filter(name=MODERATORS))
    return moderator


def judge(moderator: Member, review: Review, action: str, reason: str = "For the test") -> None:
    """A moderator's decision about one review."""
    decide([review], Verdict(moderator=moderator, action=Action(action), reason=reason))


def state_of(review: Review) -> str:
    """Where a review stands now."""
    review.refresh_from_db()
    return review.state


def make_bare_review(**columns: Any) -> Review:
    """A row as the database takes it, past every service: for tests of its constraints."""
    return Review.objects.create(**{"published_at": timezone.now(), **columns})
