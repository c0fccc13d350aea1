"""Makes the search index of the whole catalogue anew."""

from tqdm import tqdm

from catalogue.models import SearchDocument
from catalogue.search.index import BATCH, KINDS


def rebuild(*, progress: bool = False) -> int:
    """Write the documents of all records and drop those of records that are gone, while the site serves.

    ``progress`` shows a bar for each kind where there is a terminal. Returns how many records were looked at.
    """
    total = 0
    for kind, model, index in KINDS:
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(keys), desc=kind.label, unit="rows", disable=None if progress else True) as bar:
            for start in range(0, len(keys), BATCH):
                part = keys[start : start + BATCH]
                index(part)
                bar.update(len(part))
        SearchDocument.objects.filter(kind=kind).exclude(object_id__in=model._default_manager.values("pk")).delete()
        total += len(keys)
    return total
