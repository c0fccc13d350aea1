"""One row of a list: the people in its cells."""

from catalogue.importers.names import LONGEST_NAME, read_cast, read_person, read_remarks, split_people, take_ids
from catalogue.importers.records import CreditRecord, MovieRecord
from catalogue.importers.spreadsheet_cells import Row
from catalogue.vocabulary import Department

_CREW = {
    "Director": (Department.DIRECTING, "Director"),
    "Writer": (Department.WRITING, "Writer"),
    "Producer": (Department.PRODUCTION, "Producer"),
    "Cinematographer": (Department.CAMERA, "Director of Photography"),
    "Editor": (Department.EDITING, "Editor"),
    "Composer": (Department.SOUND, "Original Music Composer"),
}
# What each column speaks of: all of a department, or one job in it.
_GROUPS = {name: f"{department.value}/{job}" for name, (department, job) in _CREW.items()}
_GROUPS |= {"Cast": Department.ACTING.value, "Writer": Department.WRITING.value}
# What a writer's name may be followed by, and the job it means.
_JOBS = {
    "screenplay": "Screenplay", "script": "Screenplay", "story": "Story", "novel": "Novel", "book": "Book",
    "play": "Theatre Play", "dialogue": "Dialogue", "short story": "Short Story", "adaptation": "Adaptation",
    "drehbuch": "Screenplay", "scenario": "Screenplay", "roman": "Novel",
}  # fmt: skip


def read_credits(row: Row, record: MovieRecord) -> None:
    """Set the credits, unless the list has no column of people. Each is kept once."""
    names = [name for name in ("Cast", *_CREW) if name in row.cells]
    if not names:
        return
    found: dict[tuple[object, ...], CreditRecord] = {}
    for name in names:
        for credit in _credits(row, name):
            person = credit.person
            who = (person.name, person.disambiguation, person.imdb_id, person.wikidata_id) if person else ()
            found.setdefault((who, credit.department, credit.job, credit.character, credit.credited_as), credit)
    record.credits = list(found.values())
    record.credited = [_GROUPS[name] for name in names]


def _credits(row: Row, column: str) -> list[CreditRecord]:
    text = row.cell(column)
    if text.startswith(("['", '["')):
        text = "\n".join(row.parts(column))
    single, unclear = split_people(text)
    found: list[CreditRecord] = []
    for entry in single:
        credit = _one(row, column, entry, len(found))
        if credit:
            found.append(credit)
        else:
            row.mender.note("credits", entry)
    for entry in unclear:
        row.mender.note("credits", entry, "a credit without a person: one name or several")
        found.append(_unclear(column, entry, len(found)))
    return found


def _one(row: Row, column: str, entry: str, place: int) -> CreditRecord | None:
    if column == "Cast":
        return read_cast(entry, row.mender.origin, place)
    department, job = _CREW[column]
    name, ids = take_ids(entry)
    name, remarks = read_remarks(name)
    kept = [other for other in remarks.others if other.lower() not in _JOBS]
    person = read_person(name + "".join(f" ({other})" for other in kept) + ids, row.mender.origin)
    jobs = [_JOBS[other.lower()] for other in remarks.others if other.lower() in _JOBS]
    if person is None:
        return None
    return CreditRecord(
        person, department, job=jobs[0] if jobs and column == "Writer" else job, credited_as=remarks.credited_as,
        is_uncredited=remarks.uncredited,
    )  # fmt: skip


def _unclear(column: str, entry: str, place: int) -> CreditRecord:
    name = entry[:LONGEST_NAME]
    if column == "Cast":
        return CreditRecord(None, billing_order=place, credited_as=name)
    department, job = _CREW[column]
    return CreditRecord(None, department, job=job, credited_as=name)
