"""The file an editor starts a list from, and a filled one; made from ``columns``, as the reader is."""

import csv
import io

from catalogue.importers.columns import COLUMNS


def template_csv(*, is_filled: bool = False) -> bytes:
    """The header, and with ``is_filled`` one movie below it: UTF-8 with the mark that spreadsheet programs look for."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    if is_filled:
        writer.writerow(column.example for column in COLUMNS)
    return file.getvalue().encode("utf-8-sig")
