"""Links that show a draft to whoever has one, for some days. A leaf."""

from django.conf import settings
from django.core import signing

SALT = "movie-preview"


def token(movie: int) -> str:
    """What the link of a movie ends in, signed with the time."""
    return signing.dumps(movie, salt=SALT)


def movie_of(text: str) -> int | None:
    """The movie a link shows; None when it is forged or older than PREVIEW_DAYS."""
    try:
        return int(signing.loads(text, salt=SALT, max_age=settings.PREVIEW_DAYS * 86_400))
    except (signing.BadSignature, TypeError, ValueError):
        return None
