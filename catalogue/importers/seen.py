"""What a run has said already: of two rows about one movie the first counts, so that every run ends the same."""

from dataclasses import dataclass, field

from catalogue.importers.matching import question_key
from catalogue.importers.records import SILENT, MovieRecord, PersonRecord, Record
from catalogue.importers.state import IDS
from catalogue.importers.wanted import said
from catalogue.vocabulary import Department


@dataclass(slots=True)
class Seen:
    """Remembers fields by id; about 200 bytes a record."""

    fields: dict[str, int] = field(default_factory=dict)  # id -> the fields said, as bits
    bits: dict[str, int] = field(default_factory=dict)

    def admit(self, record: Record) -> str:
        """Silence what was said before of the same record; return why nothing is left, or "".

        Credits count by department: a file of the cast and one of the crew complete each other.
        """
        keys = keys_of(record)
        before = 0
        for key in keys:
            before |= self.fields.get(key, 0)
        names = said(record)
        departments = _departments(record) if "credits" in names else []
        stale = [department for department in departments if before & self._bit(department)]
        fresh = [name for name in names if name != "credits" and not before & self._bit(name)]
        fresh += ["credits"] if len(stale) < len(departments) else []
        for name in set(names) - set(fresh) - set(IDS):
            setattr(record, name, "" if name == "name" else SILENT)
        if stale and "credits" in fresh:
            _keep_credits(record, set(departments) - set(stale))
        bits = before
        for name in [*names, *departments]:
            bits |= self._bit(name)
        self.fields |= dict.fromkeys(keys, bits)
        return f"{keys[0]} stands earlier in the same files." if before and not fresh else ""

    def _bit(self, name: str) -> int:
        return self.bits.setdefault(name, 1 << len(self.bits))


def _departments(record: Record) -> list[str]:
    """Those that a record's credits speak of: all, or the ones it knows, wholly or in part."""
    assert isinstance(record, MovieRecord)
    assert isinstance(record.credits, list)
    if record.credited is None:
        return list(Department.values)
    known = {group.partition("/")[0] for group in record.credited}
    return sorted(known | {credit.department.value for credit in record.credits})


def _keep_credits(record: Record, departments: set[str]) -> None:
    assert isinstance(record, MovieRecord)
    assert isinstance(record.credits, list)
    known = Department.values if record.credited is None else record.credited
    record.credited = [group for group in known if group.partition("/")[0] in departments]
    record.credits = [credit for credit in record.credits if credit.department.value in departments]


def keys_of(record: Record) -> list[str]:
    """Every name under which a run knows a record."""
    kind = "" if isinstance(record, MovieRecord) else "person "
    ids = [f"{kind}{name} {value}" for name in IDS if (value := getattr(record, name))]
    if isinstance(record, PersonRecord):
        return ids or [f"person {record.name} ({record.disambiguation})"]
    ids += [f"{name} {value}" for name, value in record.external_ids.items()]
    return ids or [f"“{record.title}” ({question_key(record)})"]
