"""The groups that the staff is put into, with the least rights their work needs; afterwards they are the operator's.

A group that is missing is made after each migration. What new things need is given to groups that are there already
by a migration that calls ``grant``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group

MODERATORS = "Moderators"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"
SUGGESTION_REVIEWERS = "Suggestion reviewers"
ALL = ("view", "add", "change", "delete")
Rights = frozenset[tuple[str, str]]  # app and codename


def _rights(app: str, names: str, verbs: Iterable[str] = ALL) -> Rights:
    return frozenset((app, f"{verb}_{name}") for name in names.split() for verb in verbs)


# What hangs on a movie or a person is edited on their forms.
_RECORDS = "movie person studio collection feature"
_PARTS = (
    "moviegenre moviestudio credit alternativetitle alternativename release externalrating externalid video watchlink "
    "relatedmovie collectionitem"
)
_SUGGESTIONS = _rights("catalogue", "suggestion", ("view", "change"))
_EDITORS = (
    _SUGGESTIONS
    | _rights("catalogue", f"{_RECORDS} {_PARTS}")
    | _rights("catalogue", "genre", ("view", "add", "change"))
    | _rights("catalogue", "image disagreement matchquestion importrun suspect deadlink", ("view", "change"))
    | _rights("catalogue", "country language source edit", ("view",))
    | {("catalogue", "import_movies"), ("catalogue", "revert_edits")}
)
# They decide about reviews and see what they need for that: nothing of the catalogue, no account to change.
_MODERATORS = (
    _rights("reviews", "review report decision member", ("view",))
    | _rights("reviews", "heldword")
    | {("reviews", "moderate_review")}
)
_SUGGESTION_REVIEWERS = _rights("catalogue", "movie person", ("view",)) | _SUGGESTIONS
RIGHTS: dict[str, Rights] = {
    EDITORS: _EDITORS,
    MODERATORS: _MODERATORS,
    SUGGESTION_REVIEWERS: _SUGGESTION_REVIEWERS,
    # Whatever the others may, and who they are. Not the groups' rights, nor accounts that may do more: reviews.admin.
    ADMINISTRATORS: _EDITORS
    | _MODERATORS
    | _SUGGESTION_REVIEWERS
    | _rights("catalogue", "genre image country language source")
    | _rights("reviews", "member blockeddomain")
    | _rights("reviews", "review", ("delete",)),
}


def create_groups(sender: Any, using: str, **kwargs: Any) -> None:
    """After each migration; a group that is there is left alone."""
    for label in ("catalogue", "reviews"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for name, rights in RIGHTS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            _give(apps, using, group, rights)


def grant(history: Any, using: str, rights: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """In a migration: give rights to groups that are there. ``history``: the migration's ``apps``.

    Raises LookupError for a right that no model has by then.
    """
    for config in history.get_app_configs():
        config.models_module = True  # else Django takes it for an app without models
        create_permissions(config, apps=history, verbosity=0, using=using)
        config.models_module = None
    for group in history.get_model("auth", "Group").objects.using(using).filter(name__in=rights):
        _give(history, using, group, rights[group.name])


def _give(registry: Any, using: str, group: Any, rights: Iterable[tuple[str, str]]) -> None:
    permissions = registry.get_model("auth", "Permission").objects.using(using)
    wanted = {codename for _, codename in rights}
    rows = permissions.filter(codename__in=wanted, content_type__app_label__in={app for app, _ in rights})
    found = {(app, codename): pk for pk, app, codename in rows.values_list("pk", "content_type__app_label", "codename")}
    if missing := set(rights) - found.keys():
        raise LookupError(f"There are no such rights: {sorted(missing)}.")
    group.permissions.add(*(found[right] for right in rights))
