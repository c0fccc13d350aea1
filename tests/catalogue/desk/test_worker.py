"""Without a worker, the site starts a process of its own for what an editor asked for."""

import time
from typing import Any

import pytest
from django.test import Client

from catalogue.models import ImportRun, Movie
from catalogue.vocabulary import RunState
from tests.catalogue.desk.flow import LIST, follow, send
from tests.catalogue.importers.test_kill import address

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def wait_for(state: RunState) -> ImportRun:
    until = time.monotonic() + 120
    while (run := ImportRun.objects.get()).state != state and time.monotonic() < until:
        time.sleep(0.1)
    return run


def test_a_process_plans_and_imports(as_editor: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TASK_WORKER = False
    for name, value in (("DEBUG", "true"), ("IMPORT_ROOT", str(settings.IMPORT_ROOT)), ("DATABASE_URL", address())):
        monkeypatch.setenv(name, value)

    send(as_editor, "spreadsheet", {"films.csv": LIST})
    run = wait_for(RunState.PLANNED)
    assert run.plan["counts"]["created"] == 2
    as_editor.post(follow(run), {"action": "apply"})

    assert wait_for(RunState.FINISHED).done == 3
    assert Movie.objects.count() == 2
