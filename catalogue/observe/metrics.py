"""Counters for Prometheus, kept in memory that all workers share.

gunicorn loads the site before its workers fork (``--preload``), so one anonymous mapping is everybody's. Each process
counts in a row of its own, found by the number it got when it first counted; a row outlives its process, and the next
one counts on in it. Without ``--preload`` each worker answers for itself. Only with METRICS_TOKEN is anything counted.
"""

import mmap
import os
import threading
from array import array
from collections.abc import Iterator

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
# of a row: its process, the buckets, the last of them without a bound; status classes; seconds in µs; slow queries
_BUCKETS, _STATUS = 1, 2 + len(BOUNDS)
_MICROSECONDS, _SLOW = _STATUS + len(CLASSES), _STATUS + len(CLASSES) + 1
_WIDTH, _ROWS = _SLOW + 1, 64
_shared = memoryview(mmap.mmap(-1, _WIDTH * _ROWS * array("Q").itemsize)).cast("Q")
_lock = threading.Lock()  # of the threads of one process


def count_request(status: int, seconds: float) -> None:
    """One more request."""
    bucket = next((place for place, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
    with _lock:
        row = _row()
        _shared[row + _BUCKETS + bucket] += 1
        _shared[row + _STATUS + min(max(status // 100, 1), 5) - 1] += 1
        _shared[row + _MICROSECONDS] += int(seconds * 1_000_000)


def count_slow_query() -> None:
    """One more query over SLOW_QUERY_MS."""
    with _lock:
        _shared[_row() + _SLOW] += 1


def _row() -> int:
    """Where the row of this process begins: its own, else one whose process has ended."""
    pid = os.getpid()
    rows = range(0, _WIDTH * _ROWS, _WIDTH)
    row = next((row for row in rows if _shared[row] == pid), None)
    if row is None:
        row = next((row for row in rows if not _is_alive(_shared[row])), rows[-1])
        _shared[row] = pid
    return row


def _is_alive(pid: int) -> bool:
    return pid > 0 and os.path.exists(f"/proc/{pid}")


def lines() -> Iterator[str]:
    """Everything in Prometheus' text format."""
    sums = [sum(_shared[place::_WIDTH]) for place in range(_WIDTH)]
    yield "# TYPE http_responses_total counter"
    for place, name in enumerate(CLASSES):
        yield f'http_responses_total{{status="{name}"}} {sums[_STATUS + place]}'
    yield "# TYPE http_request_seconds histogram"
    counted = 0
    for place, bound in enumerate((*BOUNDS, "+Inf")):
        counted += sums[_BUCKETS + place]
        yield f'http_request_seconds_bucket{{le="{bound}"}} {counted}'
    yield f"http_request_seconds_sum {sums[_MICROSECONDS] / 1_000_000}"
    yield f"http_request_seconds_count {counted}"
    yield "# TYPE slow_queries_total counter"
    yield f"slow_queries_total {sums[_SLOW]}"
