"""What is kept of an upload, and what is refused with a sentence."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue.desk.keeping import RefusedError, keep, place_of


def upload(name: str, content: bytes = b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zipped_as(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return archive.getvalue()


def test_names_keep_what_sources_go_by_and_nothing_else() -> None:
    folder, names = keep([upload("title.basics.tsv.gz", gzip.compress(b"x")), upload("Mein Täglich Film.CSV")])

    assert names == ["Mein_Täglich_Film.CSV", "title.basics.tsv.gz"]
    assert sorted(path.name for path in place_of(folder).iterdir()) == names
    assert place_of(folder).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("фильмы.csv", "фильмы.csv"),
        ("映画.csv.gz", "映画.csv.gz"),
        ("«!».csv", "file.csv"),
        ("_\u202e.tsv", "file.tsv"),
        ("𠀀" * 90 + ".csv", "𠀀" * 56 + ".csv"),
    ],
)
def test_a_name_in_any_script_is_kept(sent: str, kept: str) -> None:
    content = gzip.compress(b"x") if sent.endswith(".gz") else b"x"

    _, names = keep([upload(sent, content)])

    assert names == [kept]


def test_a_zip_of_a_folder_is_unpacked_flat() -> None:
    content = zipped_as(
        {"set/": b"", "set/movies.csv": b"1", "set/links.csv": b"2", "set/.DS_Store": b"", "__MACOSX/a.csv": b""}
    )
    folder, names = keep([upload("set.zip", content)])

    assert names == ["links.csv", "movies.csv"]
    assert (place_of(folder) / "links.csv").read_bytes() == b"2"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.exe", b"x", "a.exe: only .csv", id="kind"),
        pytest.param("csv", b"x", "csv: only .csv", id="no ending"),
        pytest.param("a.zip", b"PK\3\4 nothing", "is damaged", id="damaged"),
        pytest.param("a.zip", zipped_as({"../a.csv": b"x"}), "outside of its own folder", id="above"),
        pytest.param("a.zip", zipped_as({"/etc/a.csv": b"x"}), "outside of its own folder", id="root"),
        pytest.param("a.zip", zipped_as({"c:/a.csv": b"x"}), "outside of its own folder", id="drive"),
        pytest.param("a.zip", zipped_as({"a/b.csv": b"x", "c/b.csv": b"y"}), "two files called b.csv", id="twice"),
        pytest.param("a.zip", zipped_as({"b.zip": b"x"}), "b.zip: only .csv", id="nested"),
        pytest.param("a.zip", zipped_as({}), "no file in it", id="empty"),
        pytest.param("a.zip", zipped_as({f"{n}.csv": b"" for n in range(101)}), "more than 100 files", id="many"),
        pytest.param("a.zip", zipped_as({"a.csv": b"0" * (11 << 20)}), "unpack to more than 10 MB", id="zip bomb"),
        pytest.param("a.csv.gz", gzip.compress(b"0" * (11 << 20)), "unpack to more than 10 MB", id="gzip bomb"),
    ],
)
def test_what_is_refused_leaves_nothing(settings: Any, name: str, content: bytes, reason: str) -> None:
    settings.IMPORT_MOST_MB = 1
    with pytest.raises(RefusedError, match=reason):
        keep([upload(name, content)])

    assert list(Path(settings.IMPORT_ROOT).iterdir()) == []


def test_a_nul_in_a_name_and_links_are_refused() -> None:
    nul = zipped_as({"a_b.csv": b"x"}).replace(b"a_b.csv", b"a\0b.csv")
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(link, "/etc/passwd")

    for content, reason in ((nul, "outside of its own folder"), (archive.getvalue(), "links instead of files")):
        with pytest.raises(RefusedError, match=reason):
            keep([upload("a.zip", content)])


def test_a_cut_off_gzip_is_kept_for_the_plan_to_say() -> None:
    whole = gzip.compress(bytes(range(256)) * 100)

    assert keep([upload("a.csv.gz", whole[:-20])])[1] == ["a.csv.gz"]
