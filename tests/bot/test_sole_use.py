"""One process at a time on a SQLite file, whatever became of the one before."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.problems import SettingsProblem
from bot.sole_use import sole_use

HOLDER = """
import sys, time
from pathlib import Path
from bot.sole_use import sole_use
with sole_use(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(file: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_in_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "prodops.db"
    with (
        another_process(file),
        pytest.raises(SettingsProblem, match=r"DATABASE_URL: .*prodops.db is in use") as caught,
        sole_use(file),
    ):
        pass
    (line,) = caught.value.lines
    assert "use PostgreSQL" in line
    assert "\n" not in line


def test_a_killed_process_leaves_the_file_free(tmp_path: Path) -> None:
    file = tmp_path / "prodops.db"
    with another_process(file) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with sole_use(file):
            pass


def test_it_can_be_had_again_after_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "prodops.db"
    with pytest.raises(ZeroDivisionError), sole_use(file):
        raise ZeroDivisionError
    with sole_use(file):
        pass


def test_other_databases_do_not_matter(tmp_path: Path) -> None:
    with (
        sole_use(tmp_path / "one.db"),
        sole_use(tmp_path / "two.db"),
        sole_use(None),
        sole_use(None),
    ):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "no" / "prodops.db"
    with pytest.raises(SettingsProblem, match=r"the folder of .* does not exist"), sole_use(file):
        pass
