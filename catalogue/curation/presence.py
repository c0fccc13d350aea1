"""Who has a movie open at the desk. It warns; what two have written is settled when they save."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalogue.models import Movie, Presence

HERE = timedelta(minutes=10)  # without JavaScript nobody says that they are still there


def arrive(movie: Movie, editor: Any) -> list[str]:
    """Say that an editor has the movie open; return who else has: 2 queries."""
    now = timezone.now()
    row = Presence(movie=movie, editor=editor, seen_at=now)
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["movie", "editor"], update_fields=["seen_at"]
    )
    others = Presence.objects.filter(movie=movie, seen_at__gte=now - HERE).exclude(editor=editor)
    return [str(row.editor) for row in others.select_related("editor").order_by("pk")]


def leave(movie: int, editor: Any) -> None:
    """The editor is done with the movie: 1 query."""
    Presence.objects.filter(movie=movie, editor=editor).delete()


def forget_old() -> int:
    """Drop those who left without a word; return how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - HERE).delete()[0]
