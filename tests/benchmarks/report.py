"""Results of tests.benchmarks.pages as text, JSON, Markdown and a plot."""

import datetime
import json
import os
import platform
from pathlib import Path
from typing import Any

import django

HEAD = f"  {'':<28}{'req/s':>8}{'ratio':>7}{'p50':>8}{'p99':>8}{'cpu':>7}{'db cpu':>8}{'queries':>9}{'bytes':>9}{'brotli':>8}  failed"


def line(row: Any) -> str:
    """One row of tests.benchmarks.pages as it is printed."""
    told = row.measured
    queries = "" if row.queries is None else str(row.queries)
    return (
        f"  {row.name:<28}{told.rate:8.0f}{row.ratio:7.2f}{told.p50:8.1f}{told.p99:8.1f}{told.cpu:7.2f}"
        f"{told.database_cpu:8.2f}{queries:>9}{row.raw or '':>9}{row.compressed or '':>8}  {told.failed or ''}"
    )


def write(folder: Path, rows: list[dict[str, Any]]) -> None:
    """pages.json, pages.md and pages.svg; what is there of other databases and numbers of movies stays."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} x {_processor()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "load before": round(os.getloadavg()[2], 1),
    }
    file = folder / "pages.json"
    known = json.loads(file.read_text()) if file.exists() else []
    new = {_section(row) for row in rows}
    every = [row for row in known if _section(row) not in new] + [{**row, "facts": facts} for row in rows]
    every.sort(key=lambda row: (row["movies"], row["database"] != "sqlite"))
    file.write_text(json.dumps(every, indent=1) + "\n")
    (folder / "pages.md").write_text(_markdown(every))
    (folder / "pages.svg").write_text(_plot(every))


def _section(row: dict[str, Any]) -> tuple[str, int]:
    return row["database"], row["movies"]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((text.partition(":")[2].strip() for text in lines if text.startswith("model name")), platform.machine())


def _markdown(rows: list[dict[str, Any]]) -> str:
    text = ["# Pages", "", "Made by `make bench`; how, says tests/benchmarks/pages.py.", "", "![Ratios](pages.svg)", ""]
    for (database, movies), facts in {_section(row): row["facts"] for row in rows}.items():
        text += [f"## {database}, {movies:,} movies", ""]
        text += [", ".join(f"{name}: {value}" for name, value in facts.items()) + ".", ""]
        text += [
            "| page | requests/s | to Django hello | p50 ms | p99 ms | CPU ms | database CPU ms | queries | bytes | brotli |"
        ]
        text += ["|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
        for row in rows:
            if _section(row) == (database, movies):
                told = row["measured"]
                cells = [
                    row["name"], f"{told['rate']:.0f}", f"{row['ratio']:.2f}", f"{told['p50']:.1f}", f"{told['p99']:.1f}",
                    f"{told['cpu']:.2f}", f"{told['database_cpu']:.2f}", "" if row["queries"] is None else row["queries"],
                    row["raw"] or "", row["compressed"] or "",
                ]  # fmt: skip
                text.append("| " + " | ".join(map(str, cells)) + " |")
        text.append("")
    return "\n".join(text)


def _plot(rows: list[dict[str, Any]]) -> str:
    """One bar a row: its ratio to Django hello."""
    shown = [row for row in rows if row["name"] not in ("WSGI hello", "Django hello")]
    high = 22 * len(shown) + 40
    bars = [
        f'<text x="290" y="{place * 22 + 45}" text-anchor="end">{row["name"]}, {row["database"]} {row["movies"]:,}</text>'
        f'<rect x="300" y="{place * 22 + 32}" width="{min(row["ratio"], 1.2) * 400:.0f}" height="16" fill="#4a6fa5"/>'
        f'<text x="{310 + min(row["ratio"], 1.2) * 400:.0f}" y="{place * 22 + 45}">{row["ratio"]:.2f}</text>'
        for place, row in enumerate(shown)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 {high}" font-family="sans-serif" font-size="12">'
        f'<rect width="860" height="{high}" fill="#fff"/>'
        f'<text x="10" y="20" font-weight="bold">Requests a second, Django hello = 1</text>{"".join(bars)}</svg>\n'
    )
