"""Says in plain words what is wrong with an installation. Another app hangs its checks on ``check``."""

from collections.abc import Iterator

from catalogue.doctor import contents, database, files, services, site, site_settings
from catalogue.doctor.findings import CHECKS, Check, Finding, Options, check

__all__ = ["CHECKS", "Finding", "Options", "check", "contents", "database", "examine", "files", "services", "site"]
__all__ += ["site_settings"]


def examine(options: Options) -> Iterator[tuple[str, list[Finding]]]:
    """What each check is about, and what it found. A check that fails itself is a finding."""
    for function in CHECKS:
        yield (function.__doc__ or function.__name__).splitlines()[0].rstrip("."), _run(function, options)


def _run(function: Check, options: Options) -> list[Finding]:
    try:
        return list(function(options))
    except Exception as error:
        what = f"It could not be looked at: {type(error).__name__}: {error}".strip()
        return [Finding(what.splitlines()[0], "Mend what is reported above it first; then run this again.")]
