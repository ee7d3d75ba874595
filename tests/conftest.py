"""What all tests share: a place for a study, on SQLite and on PostgreSQL, and hypothesis without a clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from qualcode.labels import set_language

if TYPE_CHECKING:
    from desk.lab import Running

settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
# the same examples every time where work must land; new ones at every run at home
settings.register_profile("landing", settings.get_profile("laws"), derandomize=True)
settings.load_profile("landing" if os.environ.get("CI") else "laws")

POSTGRES = os.environ.get("QUALCODE_TEST_POSTGRES")
_schemas = count(1)


@pytest.fixture(autouse=True)
def _dutch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("QUALCODE_LANG", "QUALCODE_CODER", "QUALCODE_SHARED"):
        monkeypatch.delenv(name, raising=False)
    set_language(None)
    yield
    set_language(None)


@pytest.fixture(params=["sqlite", "postgres"])
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Give addresses where no study is yet: a file, and a schema of a PostgreSQL database where one is at hand."""
    if request.param == "sqlite":
        numbers = count(1)
        yield lambda: str(tmp_path / f"studie-{next(numbers)}.qualcode")
        return
    if not POSTGRES:
        pytest.skip("no PostgreSQL: set QUALCODE_TEST_POSTGRES to the address of a database")
    import psycopg

    made: list[str] = []

    def schema() -> str:
        name = f"t{os.getpid()}_{next(_schemas)}"
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        made.append(name)
        return f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{name}"

    yield schema
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """Give one address where no study is yet."""
    return new_address()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give one JupyterLab to all tests that want a real one: starting it takes longer than most of them."""
    from desk.lab import running

    with running(tmp_path_factory.mktemp("jupyter")) as started:
        yield started


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the whole sample study as a file: to copy, never to change."""
    from qualcode.sample import make_sample

    path = tmp_path_factory.mktemp("sample") / "voorbeeld.qualcode"
    make_sample(path).close()
    return path


@pytest.fixture
def external() -> Path:
    """Give the folder with material that is not part of the repository, or skip."""
    folder = os.environ.get("QUALCODE_EXTERNAL")
    if not folder:
        pytest.skip("no material outside the repository: set QUALCODE_EXTERNAL")
    return Path(folder)
