"""A small dataset, written by hand, in the form in which IMDb publishes it, and what became of it."""

import gzip
from collections.abc import Mapping
from pathlib import Path

from catalogue.dates import PartialDate
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.files import COLUMNS, find
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Report

N = "\\N"
# The order of the rows is that of the files: tt10000015 before tt1000001, and 10 before 1.
BASICS = [
    ("tt0000001", "movie", "The First", "The First", "0", "1954", N, "104", "Drama,Sci-Fi"),
    ("tt10000015", "movie", '"Quoted', "Zitiert", "0", N, N, N, N),
    ("tt1000001", "movie", "Third & Last", "Third & Last", "0", "2031", N, "51420", "Short"),
    ("tt1000002", "tvEpisode", "Pilot", "Pilot", "0", "1999", N, "22", "Comedy"),
    ("tt1000003", "movie", "Not for All", "Not for All", "1", "1999", N, "70", "Adult"),
    ("tt1000004", "short", "Brief", "Brief", "0", "1999", N, "7", "Comedy"),
]
RATINGS = [("tt0000001", "7.3", "100"), ("tt1000002", "8.0", "9"), ("tt1000004", "10.0", "5")]
AKAS = [
    ("tt0000001", "10", "Der Erste", "DE", "de", "imdbDisplay", N, "0"),
    ("tt0000001", "1", "The First", N, N, "original", N, "1"),
    ("tt0000001", "2", "First, Working", "XWW", N, "dvd\x02working", N, "0"),
    ("tt0000001", "3", "Der Erste", "DE", "de", N, "reissue title", "0"),
    ("tt0000001", "4", "Pervyy", "SUHH", "ru", N, "transliterated title", "0"),
    ("tt1000002", "1", "Folge", "DE", N, N, N, "0"),
]
CREW = [("tt0000001", "nm0000003,nm0000001", "nm10499820"), ("tt10000015", "nm0000003", N), ("tt1000002", N, N)]
PRINCIPALS = [
    ("tt0000001", "10", "nm1049982", "actor", N, '["K"]'),
    ("tt0000001", "1", "nm0000001", "actress", N, '["Ann \\"Annie\\" Lee (voice)"]'),
    ("tt0000001", "2", "nm0000002", "actor", N, '["A", "B"]'),
    ("tt0000001", "3", "nm0000003", "director", "co-director", N),
    ("tt0000001", "4", "nm0000002", "self", N, N),
    ("tt0000001", "5", "nm0000001", "composer", N, N),
    ("tt0000001", "6", "nm0000002", "actor", N, '["A", "B"]'),
    ("tt1000002", "1", "nm0000005", "actor", N, N),
]
NAMES = [
    ("nm0000001", "Zoë Ann", "1900", "1980", "actress", "tt0000001"),
    ("nm0000002", "Bo Ng", N, N, "", N),
    ("nm0000003", "Dee Rector", "1901", N, N, N),
    ("nm0000005", "Not Wanted", N, N, "actor", N),
    ("nm10499820", "Will Write", N, N, N, N),
    ("nm1049982", "Late Comer", "1990", "1950", N, N),
]
EVERY = {
    "title.basics": BASICS,
    "title.ratings": RATINGS,
    "title.akas": AKAS,
    "title.crew": CREW,
    "title.principals": PRINCIPALS,
    "name.basics": NAMES,
}


def text_of(name: str, rows: object) -> bytes:
    """A file of these rows; a row of bytes is written as it is."""
    assert isinstance(rows, list)
    lines = [row if isinstance(row, bytes) else "\t".join(row).encode() for row in rows]
    return b"\n".join(["\t".join(COLUMNS[name].split()).encode(), *lines, b""])


def write(folder: Path, ending: str = ".tsv", changed: Mapping[str, object] | None = None, **others: object) -> Path:
    """The dataset in a folder; ``title_basics=[...]`` has other rows, None leaves a file out."""
    for name, rows in EVERY.items():
        key = name.replace(".", "_")
        rows = (changed or {}).get(key, others.get(key, rows))
        if rows is not None:
            content = text_of(name, rows)
            (folder / f"{name}{ending}").write_bytes(gzip.compress(content) if ending.endswith("gz") else content)
    return folder


def run(folder: Path, options: Options | None = None, *, strict: bool = False, is_dry: bool = False) -> Report:
    """Import a folder the fast way."""
    report = Report(strict=strict)
    fast = FastImport(find([folder]), options or Options(), report, PartialDate(2026, 11, 24))
    fast.rehearse() if is_dry else fast.run()
    return report


def reasons(report: Report) -> list[str]:
    """What was rejected, with file and line; every row of every file is accounted for."""
    for tally in report.tallies.values():
        assert tally.is_balanced, tally.name
    return [f"{rejected.origin}: {rejected.reason}" for rejected in report.rejections]
