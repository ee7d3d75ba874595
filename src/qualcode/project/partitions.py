"""Compute beforehand, over processes or a cluster, what a large study's topics and suggestions need: the same verbs are quick after that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.codebook import Codebook
from qualcode.discovery import Embedded, Embedder, embed, embedder, passages
from qualcode.discovery.coverage import code_texts
from qualcode.discovery.suggesting import examples
from qualcode.store.caching import StudyCache

if TYPE_CHECKING:
    from qualcode.discovery.embedding import Tell
    from qualcode.project.study import Project


def prepare(
    study: Project, *, workers: int = 2, scheduler: str | None = None, model: str | Embedder = "use", tell: Tell | None = None
) -> Embedded:
    """Compute and keep the vectors of everything participants say and of the codebook; nothing in the study changes.

    Parameters
    ----------
    study
        The project; the vectors are kept in it, and go when words are withdrawn.
    workers
        How many processes on this machine. Below 4,000 new texts all is done in this one: that is quicker than starting others.
    scheduler
        Address of a Dask scheduler that is there already, instead of processes here.
    model
        What turns texts into vectors: see :func:`qualcode.discovery.embedder`.
    tell
        Called with how many different texts are done, and how many there are.

    Returns
    -------
    Embedded
        How many vectors were ``made``, how many were ``kept`` already and how many were ``damaged``; the passages' vectors come first.

    Raises
    ------
    Missing
        When Dask is needed and not installed.
    """
    table = passages(study)
    texts = [*table["text"], *examples(study, table).texts, *code_texts(Codebook.of(study)).values()]
    return embed(texts, embedder(model), cache=StudyCache(study._store), tell=tell, workers=workers, scheduler=scheduler)
