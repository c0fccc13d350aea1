"""Opening what sources publish, and what is wrong with it."""

import gzip
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from catalogue.importers.reading import BrokenFileError, csv_table, json_lines, raw_lines, sniff, text_lines, tsv_table
from catalogue.importers.records import Rejected


def write(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


@pytest.mark.parametrize("name", ["a.tsv", "a.tsv.gz"])
def test_lines_lose_their_ends_and_the_mark_in_front(tmp_path: Path, name: Any) -> None:
    assert list(raw_lines(write(tmp_path, name, b"\xef\xbb\xbfone\r\ntwo\n\nfour"))) == [b"one", b"two", b"", b"four"]


def test_a_cut_off_file_hands_on_what_it_has_and_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, "a.tsv.gz", b"".join(b"line %d\n" % number for number in range(50_000)))
    file.write_bytes(file.read_bytes()[:-2000])
    read: list[bytes] = []

    with pytest.raises(BrokenFileError) as error:
        deque(map(read.append, raw_lines(file)))

    assert str(error.value).startswith(f"a.tsv.gz breaks off after line {len(read)}:")
    assert read[:2] == [b"line 0", b"line 1"]


def test_what_is_no_gzip_is_said_to_be_damaged(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(b"plain text")

    with pytest.raises(BrokenFileError, match="damaged after line 0"):
        list(raw_lines(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenFileError, match=r"none\.tsv cannot be read: No such file"):
        list(raw_lines(tmp_path / "none.tsv"))


def test_bytes_of_another_encoding_and_nul_reject_their_line_only(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", b"fine\nAm\xe9lie\nn\0l\nfine too\n")

    found = list(text_lines(file))

    assert [item if isinstance(item, Rejected) else item[1] for item in found if not isinstance(item, Rejected)] == [
        "fine",
        "fine too",
    ]
    assert [(str(item.origin), item.reason) for item in found if isinstance(item, Rejected)] == [
        ("a.txt:2", "Byte 3 of the line is not UTF-8."),
        ("a.txt:3", "The line holds NUL characters."),
    ]


def test_tab_separated_quotes_are_characters_and_columns_are_counted(tmp_path: Path) -> None:
    file = write(tmp_path, "a.tsv", b'id\ttitle\r\n1\t"Heat\r\n2\tone\ttoo many\r\n')

    table = tsv_table(file)
    good, bad = table.rows

    assert table.columns == ["id", "title"]
    assert not isinstance(good, Rejected)
    assert good.cells == ["1", '"Heat']
    assert bad == Rejected(bad.origin, "2 columns are expected, the row has 3.")


def test_csv_cells_hold_line_ends_and_rows_keep_the_line_they_begin_at(tmp_path: Path) -> None:
    file = write(tmp_path, "a.csv", b'title,note\r\n"Heat","two\r\nlines"\r\n,\r\n"Ran",x\r\n')

    rows = list(csv_table(file).rows)

    assert [(row.origin.line, row.cells) for row in rows if not isinstance(row, Rejected)] == [
        (2, ["Heat", "two\nlines"]),
        (5, ["Ran", "x"]),
    ]


def test_csv_rejects_a_row_of_bad_bytes(tmp_path: Path) -> None:
    rows = list(csv_table(write(tmp_path, "a.csv", b"title\nAm\xe9lie\nRan\n")).rows)

    assert [getattr(row, "reason", "") for row in rows] == ["Byte 3 of line 2 is not utf-8.", ""]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"title;year\n", ("utf-8", ";")),
        ("título,año\n".encode("cp1252"), ("cp1252", ",")),
        (b"title\tyear\n", ("utf-8", "\t")),
        (b"title\n", ("utf-8", ",")),
    ],
)
def test_sniffs_encoding_and_separator(tmp_path: Path, content: Any, expected: Any) -> None:
    assert sniff(write(tmp_path, "a.csv", content)) == expected


def test_sniff_refuses_utf_16(tmp_path: Path) -> None:
    with pytest.raises(BrokenFileError, match="UTF-16"):
        sniff(write(tmp_path, "a.csv", "title".encode("utf-16")))


def test_json_lines_reject_what_is_no_object(tmp_path: Path) -> None:
    found = list(json_lines(write(tmp_path, "a.json", b'{"id": 1}\n\n[1]\n{oops\n')))

    assert [item.reason.partition(":")[0] if isinstance(item, Rejected) else item[1] for item in found] == [
        {"id": 1},
        "This is no JSON object.",
        "This is no JSON",
    ]


def test_a_quotation_mark_that_is_never_closed_rejects_its_row(tmp_path: Path) -> None:
    table = csv_table(write(tmp_path, "a.csv", b'a,b\n1,2\n"3,4\n5,6\n'))

    first, second = table.rows

    assert not isinstance(first, Rejected)
    assert isinstance(second, Rejected)
    assert "never closed" in second.reason
