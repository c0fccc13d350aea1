"""The bill of materials of what the site runs on, as CycloneDX: ``python deploy/sbom.py > var/sbom.cdx.json``.

Names, versions and hashes come from requirements.txt, licences from what is installed; packages for other systems
than this one have none. The same lock gives the same file.
"""

import importlib.metadata
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)+.*)", re.MULTILINE)


def bill(lock: str) -> dict[str, Any]:
    """The document for a lock with hashes, in CycloneDX 1.6."""
    components = [_component(found["name"], found["version"], found["rest"]) for found in _PACKAGE.finditer(lock)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, lock)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "cuemark", "bom-ref": "cuemark"}},
        "components": components,
    }


def _component(name: str, version: str, rest: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"sha256:([0-9a-f]{64})", rest)]
    component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}
    return component | ({"licenses": [licence]} if (licence := _licence(name)) else {})


def _licence(name: str) -> dict[str, Any] | None:
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    if "License-Expression" in about:
        return {"expression": about["License-Expression"]}
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    text = classifiers[0] if classifiers else (about.get_all("License") or [""])[0].partition("\n")[0]
    return {"license": {"name": text}} if text else None


if __name__ == "__main__":
    json.dump(bill((ROOT / "requirements.txt").read_text(encoding="utf-8")), sys.stdout, indent=1)
