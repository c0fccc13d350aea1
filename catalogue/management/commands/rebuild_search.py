from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from catalogue.models import SearchDocument
from catalogue.search.index import BATCH, KINDS


class Command(BaseCommand):
    """Writes every search document anew while the site serves."""

    help = "Write the search documents of the whole catalogue anew."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for kind, model, index in KINDS:
            keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
            with tqdm(total=len(keys), desc=kind.label, unit="rows", disable=options["verbosity"] == 0 or None) as bar:
                for start in range(0, len(keys), BATCH):
                    part = keys[start : start + BATCH]
                    index(part)
                    bar.update(len(part))
            SearchDocument.objects.filter(kind=kind).exclude(object_id__in=model._default_manager.values("pk")).delete()
            total += len(keys)
        self.stdout.write(f"{total} records indexed.")
