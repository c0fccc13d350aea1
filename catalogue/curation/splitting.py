"""One record of two people becomes two."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from catalogue.curation.following import follow
from catalogue.curation.history import recording
from catalogue.models import AlternativeName, Credit, Edit, Person
from catalogue.models.source import EDITOR
from catalogue.vocabulary import EditKind


@transaction.atomic
def split(
    person: int, name: str, disambiguation: str, credits: Collection[int], names: Collection[int], actor: Any, note: str
) -> tuple[Person, Edit]:
    """Make a new person of some credits and alternative names of another.

    Raises ValidationError without a credit of theirs, or for a name that is taken.
    """
    with recording(EditKind.SPLIT, actor, note) as edit:
        edit.watch("person", [person], everywhere=True)
        mine = Credit.objects.filter(person=person, pk__in=credits)
        if not mine.exists():
            raise ValidationError("Choose at least one credit that belongs to the other person.")
        new = Person(name=name, disambiguation=disambiguation, source=EDITOR)
        new.full_clean()
        new.save()
        edit.add("person", new.pk)
        mine.update(person=new)
        AlternativeName.objects.filter(person=person, pk__in=names).update(person=new)
    assert edit.edit
    follow(edit.edit.changes.all())
    return new, edit.edit
