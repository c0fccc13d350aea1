"""An upload taken along its way, as an editor's browser and the worker do."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from catalogue.models import ImportRun

PAGE = "/admin/catalogue/importrun/upload/"
LIST = b"Title,Year,Runtime,Director\nSeven Samurai,1954,207,Akira Kurosawa\nIkiru,1952,143,Akira Kurosawa\n,1955,,\n"


def send(browser: Client, source: str, files: dict[str, bytes], **more: Any) -> Any:
    """Post the form."""
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return browser.post(PAGE, {"source": source, "upload": sent, **more})


def work() -> None:
    """Do what waits in the queue as `db_worker` does, without its new connections, which would not see the test's rows."""
    worker = Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="test", excluded_queue_names=[],
    )  # fmt: skip
    while waiting := DBTaskResult.objects.ready().first():
        waiting.claim("test")
        worker.run_task(waiting)


def follow(run: ImportRun) -> str:
    """The address of a run's page."""
    return f"/admin/catalogue/importrun/{run.pk}/follow/"


def planned(browser: Client, source: str, files: dict[str, bytes], **more: Any) -> ImportRun:
    """Upload and plan."""
    response = send(browser, source, files, **more)
    assert response.status_code == 302, response.content.decode()
    work()
    return ImportRun.objects.get()


def applied(browser: Client, run: ImportRun, only: str = "") -> ImportRun:
    """Apply and import."""
    browser.post(follow(run), {"action": "apply", "only": only})
    work()
    run.refresh_from_db()
    return run
