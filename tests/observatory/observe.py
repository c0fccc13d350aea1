"""Prints, as JSON, what the site answers under production settings: python -m tests.observatory.observe."""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.templatetags.static import static  # noqa: E402
from django.test import Client  # noqa: E402

from catalogue.models import Person  # noqa: E402
from tests.makers import make_cast, make_member, make_movie, make_review  # noqa: E402

HOST: Any = {"HTTP_HOST": "example.org"}


def pages() -> dict[str, str]:
    """Every kind of page, by name."""
    movie = make_movie("Ran", genres=["Drama"], studios=["Toho"])
    make_cast(movie, "Tatsuya Nakadai")
    review = make_review(movie, make_member("alice", is_trusted=True))
    return {
        "home": "/", "list": "/movies/", "chart": "/charts/top-rated/", "movie": movie.get_absolute_url(),
        "credits": f"{movie.get_absolute_url()}credits/", "person": Person.objects.get().get_absolute_url(),
        "search": "/search/?q=ran", "suggestions": "/search/suggest/?q=ran", "reviews": f"{movie.get_absolute_url()}reviews/",
        "review": review.get_absolute_url(), "form": f"{movie.get_absolute_url()}reviews/write/", "member": "/members/alice/",
        "sign in": "/accounts/login/", "sign up": "/accounts/signup/", "forgotten": "/accounts/password/reset/",
        "desk": "/admin/login/", "not found": "/nope/", "bad request": "/search/?q=%00", "broken": "/broken/",
        "feed": "/feeds/reviews/", "sitemap": "/sitemap.xml", "robots": "/robots.txt", "json": "/speculation-rules.json",
        "table": "/list/template.csv", "security": "/.well-known/security.txt",
        "style": static("css/site.css"), "picture": static("favicon.svg"),
    }  # fmt: skip


def written(response: Any, plain: Any) -> dict[str, Any]:
    """What the rules look at."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return {
        "status": response.status_code,
        "headers": dict(response.headers),
        "cookies": [
            {
                "name": name,
                "secure": bool(each["secure"]),
                "httponly": bool(each["httponly"]),
                "samesite": each["samesite"],
            }
            for name, each in response.cookies.items()
            if each.value  # the others are taken back
        ],
        "body": body.decode(errors="replace"),
        "plain": plain.get("Location", ""),
    }


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    reader = Client(raise_request_exception=False)
    found = {
        name: written(reader.get(path, secure=True, **HOST), reader.get(path, **HOST)) for name, path in pages().items()
    }
    strict = Client(enforce_csrf_checks=True)
    found["forbidden"] = written(
        strict.post("/accounts/login/", secure=True, **HOST), strict.post("/accounts/login/", **HOST)
    )
    member = Client()
    signed = {"login": "alice", "password": "a long and dull password"}
    found["signed in"] = written(member.post("/accounts/login/", signed, secure=True, **HOST), member.get("/", **HOST))
    for name in ("profile", "reviews", "2fa", "email"):
        path = f"/accounts/{name}/"
        found[f"account: {name}"] = written(member.get(path, secure=True, **HOST), member.get(path, **HOST))
    json.dump(found, sys.stdout)


main()
