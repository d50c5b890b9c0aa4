"""A private PostgreSQL cluster for tests, by scripts/postgres. Kept apart from the venue, so that a test may kill it."""

import itertools
import os
import pathlib
import shutil
import subprocess
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "postgres"
_count = itertools.count(1)


def wanted():
    return os.environ.get("TRADEHIVE_TEST_DATABASE") == "postgresql"


class Cluster:
    """Without a folder: a new one, started here and removed by discard()."""

    def __init__(self, folder=None):
        self.own = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="tradehive-postgres-"))
        if self.own:
            self.folder.chmod(0o755)  # PostgreSQL runs as another user when root tests
            self.run("start", "--throwaway")

    @classmethod
    def shared(cls):
        """The one that ctest started for all tests; without ctest one of its own."""
        return cls(os.environ.get("TRADEHIVE_POSTGRES"))

    def run(self, what, *options):
        done = subprocess.run(
            [str(SCRIPT), what, str(self.folder), *options], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise AssertionError(f"scripts/postgres {what} → {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def sql(self, statement, database="postgres"):
        """As superuser; rows as lines, columns separated by |."""
        return self.run("psql", "-d", database, "-v", "ON_ERROR_STOP=1", "-At", "-c", statement).strip()

    def make_database(self):
        name = f"venue_{os.getpid()}_{next(_count)}"
        self.sql(f"CREATE DATABASE {name} OWNER venue")
        return name

    def drop_database(self, name):
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def settings(self, database):
        """What a venue's configuration says of it, as dotted keys."""
        lines = (line.strip().partition(": ") for line in self.run("settings").splitlines()[1:])
        return {f"database.{key}": value for key, _, value in lines} | {"database.name": database}

    def discard(self):
        if self.own:
            self.run("remove")
            shutil.rmtree(self.folder, ignore_errors=True)
