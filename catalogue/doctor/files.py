import http.client
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalogue.doctor.findings import Finding, Options, check

LEAST_FREE = 1024**3  # bytes
LEAST_SHARE = 0.05


def _folders() -> list[Path]:
    """Where files are written; with a bucket, pictures are not."""
    return [settings.IMPORT_ROOT] if settings.S3_BUCKET else [Path(settings.MEDIA_ROOT), settings.IMPORT_ROOT]


@check
def folders_are_writable(options: Options) -> Iterator[Finding]:
    """Storage: writable, free space."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(f"{folder} cannot be written: {error.strerror}.", f"Run: chown -R cuemark: {folder}")
            continue
        space = shutil.disk_usage(folder)
        if space.free < LEAST_FREE or space.free < space.total * LEAST_SHARE:
            megabytes = space.free // 1024**2
            yield Finding(f"{megabytes} MB are left on the disk of {folder}.", "Make room, or move it elsewhere.")


@check
def bucket_keeps_pictures(options: Options) -> Iterator[Finding]:
    """Bucket of the pictures: writable, and visitors see what is in it."""
    if not settings.S3_BUCKET:
        return
    name, content = f"probes/{secrets.token_hex(8)}.webp", secrets.token_bytes(32)
    try:
        default_storage.save(name, ContentFile(content))
        try:
            yield from _is_seen(urljoin(options.url, default_storage.url(name)), content)
        finally:
            default_storage.delete(name)
    except OSError as error:
        yield Finding(f"The bucket does not take pictures: {error.strerror}", "Mend S3_BUCKET and its keys in .env.")


def _is_seen(url: str, content: bytes) -> Iterator[Finding]:
    parts = urlsplit(url)
    if not parts.hostname:
        return  # on the site itself, whose address was not given with --url
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=10)
    try:
        line.request("GET", parts.path)
        answer = line.getresponse()
        if answer.status != 200 or answer.read() != content:
            yield Finding(
                f"Visitors do not see pictures: {url} answers {answer.status}.",
                "Set MEDIA_URL to the bucket's public address, and let its policy allow reading.",
            )
    except (OSError, http.client.HTTPException) as error:
        yield Finding(f"Visitors do not see pictures: {url} does not answer: {error}", "Mend MEDIA_URL in .env.")
    finally:
        line.close()


@check
def files_are_private(options: Options) -> Iterator[Finding]:
    """Permissions of files."""
    secret = Path(settings.BASE_DIR) / ".env"
    if secret.exists() and secret.stat().st_mode & 0o007:
        yield Finding(f"Everybody on this machine may read {secret}.", f"Run: chmod o-rwx {secret}")
    for folder in (*_folders(), Path(settings.BASE_DIR)):
        if folder.exists() and folder.stat().st_mode & 0o002:
            yield Finding(f"Everybody on this machine may write into {folder}.", f"Run: chmod o-w {folder}")
    if settings.IMPORT_ROOT.is_relative_to(settings.MEDIA_ROOT):
        yield Finding("IMPORT_ROOT lies in MEDIA_ROOT: private files are handed out.", "Move IMPORT_ROOT elsewhere.")


@check
def static_files_are_collected(options: Options) -> Iterator[Finding]:
    """Static files."""
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return
    hashed = staticfiles_storage.hashed_files.get("css/site.css", "")
    built = Path(settings.STATIC_ROOT) / hashed
    source = Path(settings.BASE_DIR) / "static" / "css" / "site.css"
    remedy = "Run: manage.py collectstatic --noinput, then restart the site."
    if not hashed or not built.exists():
        yield Finding("The static files are not collected: every page fails.", remedy)
    elif os.path.getmtime(source) > os.path.getmtime(built) and source.stat().st_size != built.stat().st_size:
        yield Finding("The collected static files are of another release.", remedy)
