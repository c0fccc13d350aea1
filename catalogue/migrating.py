"""Operations for migrations of tables that are in use. A leaf."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexInUse(AddIndex):
    """An index of a large table, while it is written to. The migration needs ``atomic = False``.

    PostgreSQL leaves half of one behind when it was broken off, and refuses another of its name: that one is removed
    first, so that a second ``migrate`` mends the first. SQLite's writers wait.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._change(app_label, schema_editor, to_state, adds=True)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._change(app_label, schema_editor, from_state, adds=False)

    def _change(self, app_label: str, editor: Any, state: ProjectState, *, adds: bool) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(editor.connection.alias, model):
            return
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {editor.quote_name(self.index.name)}")
            if adds:
                editor.add_index(model, self.index, concurrently=True)
        elif adds:
            editor.add_index(model, self.index)
        else:
            editor.remove_index(model, self.index)
