"""A PostgreSQL of its own for a while, from Debian's package."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


class Cluster:
    """A new cluster on a free port of this machine, gone when the block ends. Its programs refuse to run as root."""

    def __init__(self):
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not folders:
            sys.exit("PostgreSQL is not installed. Run ./dev setup.")
        self._programs = folders[-1].parent
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"jdbc:postgresql://127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> "Cluster":
        self._folder = tempfile.mkdtemp(prefix="attune-postgresql-")
        if self._as_user:
            shutil.chown(self._folder, "postgres")
        data, log = f"{self._folder}/data", f"{self._folder}/log"
        self._run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        return self

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._programs / program), *arguments]
        subprocess.run(command, cwd=self._folder, stdout=subprocess.DEVNULL, check=True)

    def __exit__(self, *_) -> None:
        try:
            self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
