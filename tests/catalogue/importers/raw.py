"""What the tests of parsers share: the real files, which are not part of the project, and what a record says."""

from pathlib import Path
from typing import TypeVar

import pytest

from catalogue.importers.records import Said, Silent

_Value = TypeVar("_Value")
FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "raw"


def raw(*names: str) -> list[Path]:
    """The real files of these names; the test is skipped without them."""
    found = [FOLDER / name for name in names]
    if missing := [file.name for file in found if not file.exists()]:
        pytest.skip(f"The real files are not here: ../shared/data/raw lacks {', '.join(missing)}.")
    return found


def said(value: Said[_Value]) -> _Value:
    """A value that the record does speak of."""
    assert not isinstance(value, Silent)
    return value
