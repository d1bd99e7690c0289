"""The statistics of the benchmark of the servers."""

from __future__ import annotations

import pytest
from endpoints.figures import Timing, percentile, ratio, timing_of
from endpoints.load import LoadError, read_wrk


@pytest.mark.parametrize(
    ("count", "percent", "expected"), [(1, 99, 1), (2, 50, 1), (10, 99, 10), (100, 99, 99), (1000, 50, 500)]
)
def test_percentile_is_the_nearest_rank(count: int, percent: float, expected: int) -> None:
    """The p-th percentile is the smallest value that p per cent do not exceed."""
    assert percentile(range(count, 0, -1), percent) == expected


def test_timing_of_single_requests() -> None:
    """Requests made one after the other: milliseconds, and as many a second as their time allows."""
    timing = timing_of([0.1, 0.2, 0.2, 0.5])
    assert (timing.p50, timing.p99, timing.rate, timing.requests) == pytest.approx((200, 500, 4, 4))


def test_ratio_says_how_many_times_faster_ours_is() -> None:
    """A peer that takes three times as long has the ratio 3; what was not measured has none."""
    slow, fast = Timing(9.0, 9.0, 1.0, 1), Timing(3.0, 3.0, 1.0, 1)
    assert ratio(slow, fast) == 3
    assert ratio(None, fast) is None


def test_wrk_is_read_in_milliseconds() -> None:
    """wrk counts microseconds; the last line it writes is ours."""
    line = '{"requests": 200, "microseconds": 2000000, "p50": 1500, "p99": 9000, "failed": 0}'
    assert read_wrk(f"Running 2s test\n{line}\n") == Timing(1.5, 9.0, 100.0, 200)


@pytest.mark.parametrize(("requests", "failed"), [(200, 1), (0, 0)])
def test_failed_requests_are_no_measurement(requests: int, failed: int) -> None:
    """Where requests failed, or none was answered, there are no figures: an error is answered fast."""
    said = '{"requests": %d, "microseconds": 1000000, "p50": 1, "p99": 1, "failed": %d}'
    with pytest.raises(LoadError):
        read_wrk(said % (requests, failed))
