class BackupError(Exception):
    """What stands in the way of a backup or a restore, as a sentence for the operator."""
