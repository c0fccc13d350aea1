"""The bill of materials names what is locked."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def document() -> str:
    return subprocess.run(
        [sys.executable, "deploy/sbom.py"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout


def test_it_has_every_locked_package_with_hashes_and_licence(document: str) -> None:
    bill: dict[str, Any] = json.loads(document)
    lock = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    parts = {part["name"]: part for part in bill["components"]}

    assert {(name, part["version"]) for name, part in parts.items()} == set(
        re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.M)
    )
    assert sum(len(part["hashes"]) for part in parts.values()) == lock.count("--hash=sha256:")
    assert all(part["hashes"] for part in parts.values())
    assert parts["django"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    without = {name for name, part in parts.items() if "licenses" not in part}
    assert without <= {"async-timeout", "colorama", "tzdata"}  # for other systems or versions of Python


def test_it_names_no_host(document: str) -> None:
    assert "://" not in document
    assert str(settings.BASE_DIR) not in document
