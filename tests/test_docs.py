"""The documents say what is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
VARIABLE = re.compile(r"""(?:env\.\w+|names|database)\(\s*"([A-Z0-9_]+)""")


def variables() -> set[str]:
    return set(VARIABLE.findall((ROOT / "catalogue/settings.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", [".env.example", "docs/configuration.md"])
def test_every_variable_is_documented_and_no_other(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    pattern = r"^([A-Z0-9_]+)=" if document.startswith(".env") else r"^\| `([A-Z0-9_]+)`"

    assert set(re.findall(pattern, text, re.MULTILINE)) == variables()


@pytest.mark.parametrize(
    "document", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda file: file.name
)
def test_links_of_the_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def test_every_proof_of_the_security_checklist_exists() -> None:
    proofs = re.findall(r"`(tests/\S+\.py)::(\w+)`", (ROOT / "docs/security.md").read_text(encoding="utf-8"))

    assert len(proofs) > 50
    for file, test in proofs:
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{test}"


def test_every_line_of_the_security_checklist_has_a_proof() -> None:
    lines = [
        line for line in (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]

    assert [line for line in lines if "tests/" not in line] == ["| What | By | Tests |"] * 4
