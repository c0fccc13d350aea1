"""Files as they are published, downloaded and unpacked."""

import gzip
from pathlib import Path

import pytest

from catalogue.importers.imdb import files
from catalogue.importers.imdb.files import blocks, find
from catalogue.importers.reading import BrokenFileError
from tests.catalogue.importers.imdb.data import text_of

ROWS = [("tt0000001", "7.3", "100"), ("tt0000002", "8.0", "9")]
LINES = [b"tt0000001\t7.3\t100", b"tt0000002\t8.0\t9"]


def lines_of(path: Path) -> list[bytes]:
    return [line for _, lines in blocks(path) for line in lines]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="published"),
        pytest.param(lambda text: text.replace(b"\n", b"\r\n"), id="crlf"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text, id="bom"),
        pytest.param(lambda text: text.rstrip(b"\n"), id="no-last-end"),
        pytest.param(lambda text: text.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r", id="crlf-cut"),
    ],
)
@pytest.mark.parametrize("ending", [".tsv", ".tsv.gz"])
def test_lines(tmp_path: Path, change: object, ending: str) -> None:
    assert callable(change)
    text = change(text_of("title.ratings", ROWS))
    path = tmp_path / f"title.ratings{ending}"
    path.write_bytes(gzip.compress(text) if ending.endswith("gz") else text)

    assert lines_of(path) == LINES


def test_lines_are_numbered_across_blocks_and_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 40)
    text = text_of("title.ratings", ROWS * 50)
    path = tmp_path / "title.ratings.tsv.gz"
    path.write_bytes(gzip.compress(text[:500]) + gzip.compress(text[500:]) + b"\0" * 16)
    read: list[int] = []

    numbered = {start + place: line for start, lines in blocks(path, read.append) for place, line in enumerate(lines)}

    assert list(numbered) == list(range(2, 102))
    assert list(numbered.values()) == LINES * 50
    assert sum(read) == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(gzip.compress(text_of("title.ratings", ROWS * 999), 0)[:-300], "breaks off", id="cut"),
        pytest.param(b"no gzip", "is damaged", id="no-gzip"),
        pytest.param(gzip.compress(b""), "the columns are", id="empty"),
        pytest.param(
            gzip.compress(text_of("title.crew", [])), "the columns are tconst directors writers", id="another"
        ),
        pytest.param(gzip.compress(b"<html>Not found</html>"), "the columns are <html>", id="html"),
    ],
)
def test_a_broken_file(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "title.ratings.tsv.gz"
    path.write_bytes(content)

    with pytest.raises(BrokenFileError, match=said):
        lines_of(path)


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 1000)
    path = tmp_path / "title.ratings.tsv"
    path.write_bytes(text_of("title.ratings", ROWS) + b"x" * 2000)

    with pytest.raises(BrokenFileError, match="does not end"):
        lines_of(path)


def test_files_are_found_by_name(tmp_path: Path) -> None:
    for name in ("title.basics.tsv", "title.episode.tsv.gz", "name.basics.tsv.gz", "notes.txt"):
        (tmp_path / name).touch()

    assert sorted(find([tmp_path])) == ["name.basics", "title.basics"]
    (tmp_path / "title.basics.tsv.gz").touch()
    with pytest.raises(ValueError, match="there twice"):
        find([tmp_path])
    with pytest.raises(ValueError, match="There is no"):
        find([tmp_path / "nowhere"])
