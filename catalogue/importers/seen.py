"""What a run has said already: of two rows about one movie the first counts, so that every run ends the same."""

from dataclasses import dataclass, field

from catalogue.importers.matching import question_key
from catalogue.importers.records import SILENT, MovieRecord, PersonRecord, Record
from catalogue.importers.state import IDS
from catalogue.importers.wanted import said


@dataclass(slots=True)
class Seen:
    """Remembers fields by id; about 200 bytes a record."""

    fields: dict[str, int] = field(default_factory=dict)  # id -> the fields said, as bits
    bits: dict[str, int] = field(default_factory=dict)

    def admit(self, record: Record) -> str:
        """Silence what was said before of the same record; return why nothing is left, or ""."""
        keys = keys_of(record)
        before = 0
        for key in keys:
            before |= self.fields.get(key, 0)
        names = said(record)
        fresh = [name for name in names if not before & self._bit(name)]
        for name in set(names) - set(fresh) - set(IDS):
            setattr(record, name, "" if name == "name" else SILENT)
        bits = before
        for name in names:
            bits |= self._bit(name)
        self.fields |= dict.fromkeys(keys, bits)
        return f"{keys[0]} stands earlier in the same files." if before and not fresh else ""

    def _bit(self, name: str) -> int:
        return self.bits.setdefault(name, 1 << len(self.bits))


def keys_of(record: Record) -> list[str]:
    """Every name under which a run knows a record."""
    kind = "" if isinstance(record, MovieRecord) else "person "
    ids = [f"{kind}{name} {value}" for name in IDS if (value := getattr(record, name))]
    if isinstance(record, PersonRecord):
        return ids or [f"person {record.name} ({record.disambiguation})"]
    ids += [f"{name} {value}" for name, value in record.external_ids.items()]
    return ids or [f"“{record.title}” ({question_key(record)})"]
