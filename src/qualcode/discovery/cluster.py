"""Work over partitions with Dask: processes on this machine, or a cluster that is there already. Knows nothing of texts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualcode.discovery.embedding import Tell, has
from qualcode.errors import Missing, Refused

_PATIENCE = 60
SETTINGS: dict[str, Any] = {
    # no pages to look at: what is worked on is nobody else's business
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # a computer that slept goes on where it was
    "distributed.scheduler.worker-ttl": None,
    # on a busy computer a process may take long to begin
    "distributed.comm.timeouts.connect": "120s",
    # Dask has a process give every freed array back to the system and ask for it again: almost twice the time for vectors
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 28,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 1 << 25,
}
"""How Dask's own processes behave."""


@contextmanager
def processes(workers: int = 2, *, scheduler: str | None = None, folder: Path | None = None) -> Iterator[Any]:
    """Give a Dask client: its processes calculate, each on one processor, until the block ends.

    Parameters
    ----------
    workers
        How many processes to start on this machine. They listen to this machine only, and talk encrypted, so that nobody else on it can
        give them work.
    scheduler
        Address of a Dask scheduler that is there already, such as ``tcp://10.0.0.5:8786``; then no process is started here.
    folder
        Where processes leave what does not fit in memory.

    Raises
    ------
    Missing
        When Dask is not installed.
    Refused
        When fewer than one process is asked for, or nobody answers at the address.
    """
    if not has("distributed"):
        raise Missing("discovery.no_dask")
    if workers < 1:
        raise Refused("discovery.no_workers", workers=workers)
    # Dask's own signatures say too little for a type checker
    import distributed

    dask: Any = distributed
    if scheduler is not None:
        try:
            client = dask.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise Refused("discovery.no_scheduler", address=scheduler) from error
        with client:
            yield client
        return
    with _local(workers, folder) as cluster, dask.Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=_PATIENCE)
        yield client


@contextmanager
def _local(workers: int, folder: Path | None) -> Iterator[Any]:
    import logging

    import dask
    import distributed

    start: Any = distributed.LocalCluster

    own = TemporaryDirectory(prefix="qualcode-") if folder is None else None
    where = own.name if own is not None else str(folder)
    try:
        with dask.config.set(SETTINGS), _main_stays_here():
            cluster = start(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                security=True,
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                local_directory=where,
                silence_logs=logging.CRITICAL,
            )
        with cluster:
            yield cluster
    finally:
        if own is not None:
            own.cleanup()


@contextmanager
def _main_stays_here() -> Iterator[None]:
    """Keep a new process from running the user's script again: the work is in this package, and a script without a guard would start itself for ever."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    try:
        main.__spec__ = None
        if "__file__" in kept:
            del main.__file__
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


def done(client: Any, work: Callable[..., Any], parts: Iterable[Any], *shared: Any) -> Iterator[tuple[int, Any]]:
    """Have ``work(part, *shared)`` done for every part, and yield the place of the part and the answer as they come.

    Parameters
    ----------
    client
        From :func:`processes`.
    work
        A function of a module, so that every process knows it.
    parts
        What differs; small, such as a number: large texts and vectors are read by the process that works on them.
    shared
        What is the same for all parts; sent to each process once.

    Raises
    ------
    Refused
        When a process was stopped again and again, as happens for want of memory.
    """
    import distributed
    from distributed.client import FutureCancelledError

    as_completed: Any = distributed.as_completed
    sent = [client.scatter(value, broadcast=True, hash=False) for value in shared]
    futures = [client.submit(work, part, *sent, pure=False) for part in parts]
    place = {future.key: number for number, future in enumerate(futures)}
    try:
        for future in as_completed(futures, loop=client.loop):
            yield place[future.key], future.result()
    except (distributed.KilledWorker, FutureCancelledError) as error:
        raise Refused("discovery.killed") from error
    finally:
        client.cancel(futures)


def each(client: Any, work: Callable[..., Any], parts: Iterable[Any], *shared: Any, tell: Tell | None = None) -> list[Any]:
    """Have ``work(part, *shared)`` done for every part, and return the answers in the order of the parts; for the rest as :func:`done`.

    Parameters
    ----------
    client, work, parts, shared
        As for :func:`done`.
    tell
        Called with how many parts are done, and how many there are.
    """
    listed = list(parts)
    answers: list[Any] = [None] * len(listed)
    for number, (place, answer) in enumerate(done(client, work, listed, *shared), 1):
        answers[place] = answer
        if tell:
            tell(number, len(listed))
    return answers
