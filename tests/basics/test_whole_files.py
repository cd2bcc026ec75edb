"""Files are whole, of their kind, and nobody else's; a lock keeps two writers apart."""

from __future__ import annotations

import os
import stat
import threading
import time

import pytest

from llm_roofline import RooflineError
from llm_roofline.basics import locks
from llm_roofline.basics.locks import locked
from llm_roofline.basics.whole_files import read_whole, refuse_loss, write_whole
from tests.in_time import in_time


def test_what_is_no_file_is_refused_at_once_and_in_a_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "long").write_text("xx")

    def read_all():
        for path, sentence in (
            (tmp_path / "pipe", "not a regular file, and nothing else is read"),
            ("/dev/zero", "not a regular file"),
            ("/proc/self/status", "the file is empty"),
            (tmp_path / "empty", "the file is empty"),
            (tmp_path / "long", "2 bytes are too many .at most 1."),
        ):
            with pytest.raises(RooflineError, match=sentence):
                read_whole(path, largest=1)
        with pytest.raises(IsADirectoryError):
            read_whole(tmp_path)

    in_time(0.5, read_all)


def test_text_that_is_no_unicode_is_read_all_the_same(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\xff")
    assert read_whole(tmp_path / "a") == "a\ufffd"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_who_may_read_a_file_stays(tmp_path, mode):
    path = tmp_path / "a"
    path.touch()
    path.chmod(mode)
    write_whole(path, "new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (mode, "new")


def test_a_new_file_is_as_readable_as_any(tmp_path):
    (tmp_path / "other").touch()
    write_whole(tmp_path / "a", "new")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    write_whole(tmp_path / ("x" * 255), "new")
    with locked(tmp_path / ("x" * 255)):
        pass


def test_threads_that_write_one_file_leave_it_whole_and_alone(tmp_path):
    path, failed = tmp_path / "a", []

    def write(letter):
        try:
            for _ in range(50):
                write_whole(path, letter * 10_000)
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(set(path.read_text())) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_begins_otherwise_is_somebody_elses(tmp_path):
    path = tmp_path / "a"
    for there, refused in ((None, False), ("", False), ("ours, changed", False), ("our", True), ("theirs", True)):
        if there is not None:
            path.write_text(there)
        if refused:
            with pytest.raises(RooflineError, match="llm-viewer has not made, and it stays as it is"):
                refuse_loss(path, "ours")
        else:
            refuse_loss(path, "ours")
        refuse_loss(path, "ours", force=True)


def test_one_at_a_time_and_nothing_is_left(tmp_path):
    inside, most = [], []

    def work():
        for _ in range(10):
            with locked(tmp_path / "a"):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert list(tmp_path.iterdir()) == []


def test_one_that_never_ends_is_not_waited_for_forever(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.02)
    refused = pytest.raises(RooflineError, match=r"a: another program has been writing it")
    with locked(tmp_path / "a"), refused, locked(tmp_path / "a"):
        pass
    with locked(tmp_path / "a"):
        pass


def test_a_lock_of_a_program_that_was_killed_is_none(tmp_path):
    (tmp_path / ".a.lock").touch()
    with locked(tmp_path / "a"):
        pass
