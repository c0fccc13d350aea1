"""A backup is one tar file of database and pictures, taken while the site serves and proved by restoring it.

Pictures are named by their content and never change, so the database comes first and then the pictures it names: what
is uploaded meanwhile belongs to the next backup. docs/decisions/0021, docs/deploying.md.
"""

from catalogue.backup.errors import BackupError
from catalogue.backup.making import make_backup
from catalogue.backup.restoring import restore_backup

__all__ = ["BackupError", "make_backup", "restore_backup"]
