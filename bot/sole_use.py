"""Keeps a second process off a SQLite file: two would send every prompt twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.problems import SettingsProblem


@contextmanager
def sole_use(file: Path | None) -> Iterator[None]:
    """Hold the lock beside the database while in the block, or raise `SettingsProblem`.

    None, a database that is no file, needs no lock. The system lets go of the lock when the
    process ends, in whatever way, so none is ever left behind by a crash.
    """
    if file is None:
        yield
        return
    if not file.absolute().parent.is_dir():
        raise SettingsProblem(f"DATABASE_URL: the folder of {file} does not exist: create it")
    lock = FileLock(file.with_name(f"{file.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise SettingsProblem(
            f"DATABASE_URL: {file} is in use by another ProdOps process: stop that one, "
            "or use PostgreSQL for several"
        ) from None
    except OSError as problem:
        raise SettingsProblem(
            f"DATABASE_URL: {file} cannot be written ({problem.strerror}): check its permissions"
        ) from None
    try:
        yield
    finally:
        lock.release()
