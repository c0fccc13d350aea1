"""The cast and crew of a movie of TMDB."""

from collections.abc import Mapping
from typing import Any

from catalogue.importers.mending import Mender
from catalogue.importers.names import read_remarks
from catalogue.importers.partial import CREW
from catalogue.importers.records import CreditRecord, PersonRecord
from catalogue.vocabulary import Department

Json = Mapping[str, Any]
_DEPARTMENTS = {
    "directing": Department.DIRECTING, "writing": Department.WRITING, "production": Department.PRODUCTION,
    "camera": Department.CAMERA, "editing": Department.EDITING, "sound": Department.SOUND, "art": Department.ART,
    "costume & make-up": Department.COSTUME_MAKEUP, "lighting": Department.LIGHTING,
    "visual effects": Department.VISUAL_EFFECTS, "crew": Department.CREW,
    "actors": Department.CREW, "acting": Department.CREW,  # stunt doubles and the like: they have a job, not a part
}  # fmt: skip
# What each list of people speaks of.
KNOWN = {"cast": [Department.ACTING.value], "crew": CREW}


def read_credits(mender: Mender, data: Json) -> list[CreditRecord]:
    """Cast in the order of "order", then crew in the order of the file; what is listed twice is kept once."""
    cast = [_cast(mender, item, place) for place, item in enumerate(_objects(data, "cast"))]
    crew = [_crew(mender, item) for item in _objects(data, "crew")]
    found: dict[tuple[object, ...], CreditRecord] = {}
    for credit in [*sorted((part for part in cast if part), key=lambda part: part.billing_order or 0), *crew]:
        if credit is None or credit.person is None:
            continue
        person = credit.person.tmdb_id or credit.person.name
        key = (person, credit.department, credit.job, credit.character, credit.credited_as)
        if key in found:
            mender.note("credits", f"{credit.person.name}, {credit.character or credit.job} (listed twice)")
        found.setdefault(key, credit)
    return list(found.values())


def _objects(data: Json, key: str) -> list[Json]:
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _cast(mender: Mender, item: Json, place: int) -> CreditRecord | None:
    person = _person(mender, item)
    if person is None:
        return None
    character, remarks = read_remarks(mender.text("credits", str(item.get("character") or ""), 300))
    others = "".join(f" ({other})" for other in remarks.others)
    order = item.get("order")
    billed = order if isinstance(order, int) and 0 <= order < 2**31 else place
    return CreditRecord(
        person, character=f"{character}{others}".strip(), billing_order=billed, credited_as=remarks.credited_as,
        is_voice=remarks.voice, is_uncredited=remarks.uncredited,
    )  # fmt: skip


def _crew(mender: Mender, item: Json) -> CreditRecord | None:
    person = _person(mender, item)
    if person is None:
        return None
    written = str(item.get("department") or "").strip()
    department = _DEPARTMENTS.get(written.lower(), Department.CREW)
    if written.lower() not in _DEPARTMENTS:
        mender.note("credits", written or "(no department)", Department.CREW)
    job = mender.text("credits", str(item.get("job") or ""), 120) or department.label
    return CreditRecord(person, department, job=job)


def _person(mender: Mender, item: Json) -> PersonRecord | None:
    number = str(item.get("id") or "")
    name = mender.text("credits", str(item.get("name") or ""), 200)
    tmdb_id = int(number) if number.isascii() and number.isdecimal() and int(number) < 2**31 else None
    if not name:
        mender.note("credits", f"person {number} without a name")
        return None
    return PersonRecord(mender.origin, name, tmdb_id=tmdb_id or None)
