"""What takes too much is tried again, and the least is told."""

import time

import pytest

from tests.in_time import in_time


@pytest.fixture
def clock(monkeypatch):
    """The processor's clock, by what each next run takes [s]."""

    def runs(*taken):
        readings = iter([reading for seconds in taken for reading in (0.0, seconds)])
        monkeypatch.setattr(time, "process_time", lambda: next(readings))

    return runs


def test_what_is_in_time_runs_once(clock):
    clock(0.9)
    done = []
    in_time(1.0, lambda: done.append(1))
    assert done == [1]


def test_a_run_that_something_else_held_up_is_followed_by_another(clock):
    clock(1.6, 1.2, 0.003)
    in_time(1.0, lambda: None)


def test_the_least_of_three_is_told(clock):
    clock(1.6, 1.2, 1.4)
    with pytest.raises(AssertionError, match=r"^took 1\.20 s of the processor, and may take 1 s"):
        in_time(1.0, lambda: None)
