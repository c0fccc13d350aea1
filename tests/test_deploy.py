"""The files of deploy/ fit the site: limits, names, variables, units. tests/stack runs them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from catalogue.images import MOST_BYTES
from deploy.render import render

ROOT = Path(settings.BASE_DIR)
SITE = (ROOT / "deploy/nginx/cuemark.conf.template").read_text(encoding="utf-8")
NAMES = set(re.findall(r"\$\{([A-Z_]+)\}", SITE))


def limit_of(location: str) -> int:
    block = SITE[SITE.index(f"location {location} {{") :]
    found = re.search(r"client_max_body_size (\d+)m", block)
    assert found
    return int(found[1]) * 1024 * 1024


def test_the_proxy_lets_pass_what_the_site_takes() -> None:
    assert limit_of("/admin/catalogue/importrun/upload/") > 200 * 1024 * 1024  # the default of IMPORT_MOST_MB
    assert limit_of("/admin/") > MOST_BYTES
    assert limit_of("/accounts/import/") > MOST_BYTES
    assert re.search(r"\n    client_max_body_size 2m;", SITE)
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < 2 * 2**20


@pytest.mark.parametrize("document", ["docs/deploying.md", "compose.yaml", "deploy/local.py"])
def test_every_name_of_the_proxy_is_filled_in(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert {name for name in NAMES if not re.search(rf'\b"?{name}"?[=:]', text)} == set()


def test_half_a_configuration_is_none() -> None:
    with pytest.raises(KeyError, match="TLS_PORT"):
        render(SITE, dict.fromkeys(NAMES - {"TLS_PORT"}, "x"))


def test_no_copy_of_a_secret_goes_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    assert {".env", ".env.*", "var", ".git"} <= set(left_out)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_units() -> None:
    units = sorted(str(file) for file in (ROOT / "deploy/systemd").glob("cuemark-*.*") if file.is_file())

    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)

    # That the programs are not on this machine is no fault of the units.
    faults = [line for line in done.stderr.splitlines() if "cuemark" in line and "is not executable" not in line]
    assert faults == []


CONTRACT = re.compile(r"^# contract: \S+", re.MULTILINE)
DROPS = re.compile(r"migrations\.(RemoveField|DeleteModel|RenameField|RenameModel)\(")
# Of the time before the first release, when nobody ran an older one.
BEFORE = {"catalogue": 17, "reviews": 4}


@pytest.mark.parametrize("app", BEFORE)
def test_a_migration_that_drops_says_which_release_stopped_using_it(app: str) -> None:
    """Between migrate and restart the former release runs on the new tables: docs/deploying.md, upgrades."""
    for file in sorted((ROOT / app / "migrations").glob("0*.py")):
        text = file.read_text(encoding="utf-8")
        if int(file.name[:4]) > BEFORE[app] and DROPS.search(text):
            assert CONTRACT.search(text), f"{file.name} drops or renames what the former release may read."
