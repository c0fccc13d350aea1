"""The real files, which are not part of the project, and a larger synthetic set: every row is accounted for."""

from pathlib import Path

import pytest

from catalogue.importers.imdb.options import TITLE_TYPES, Options
from tests.catalogue.importers.imdb.data import reasons, run
from tests.catalogue.importers.raw import FOLDER, raw

pytestmark = pytest.mark.django_db


def test_two_thousand_real_movies(tmp_path: Path) -> None:
    files = raw(
        *(
            f"imdb_real_2000movies/{name}"
            for name in ("title.basics.tsv", "name.basics.tsv.gz", "title.principals.tsv.gz")
        )
    )
    for file in files:
        (tmp_path / file.name).symlink_to(file)

    report = run(tmp_path, Options(frozenset(TITLE_TYPES), adult=True), is_dry=True)

    assert all(rejected.endswith(" is not in name.basics.") for rejected in reasons(report))
    assert {name: (tally.read, tally.created) for name, tally in report.tallies.items()} == {
        "title.basics.tsv": (2000, 2000),
        "title.principals.tsv.gz": (11576, 11569),
        "name.basics.tsv.gz": (10177, 10177),
    }


def test_a_synthetic_set_with_every_oddity() -> None:
    folder = FOLDER.parent / "gen" / "sample_10k"
    if not folder.exists():
        pytest.skip("The synthetic files are not here: ../shared/data/gen/sample_10k.")

    report = run(folder, is_dry=True)

    assert reasons(report) == []
    assert {name: (tally.read, tally.created) for name, tally in report.tallies.items()} == {
        "title.ratings.tsv.gz": (1282, 328),
        "title.basics.tsv.gz": (10000, 677),
        "title.akas.tsv.gz": (28497, 1191),
        "title.crew.tsv.gz": (10000, 677),
        "title.principals.tsv.gz": (73871, 7956),
        "name.basics.tsv.gz": (11945, 4759),
    }
