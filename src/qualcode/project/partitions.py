"""Work that outgrows one process: what topics and suggestions of a large study need, and likely codes for answers beside the study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.discovery import Embedded, Embedder, embed, embedder, passages
from qualcode.discovery.coverage import code_texts
from qualcode.discovery.suggesting import examples
from qualcode.discovery.suggesting_large import LargeSuggestions, suggest_over
from qualcode.discovery.topics import SEED
from qualcode.project.discovery import suggester
from qualcode.store.caching import StudyCache

if TYPE_CHECKING:
    from qualcode.discovery.embedding import Tell
    from qualcode.discovery.sampling import Step
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


def suggest_large(
    study: Project,
    source: str | Path,
    out: str | Path,
    *,
    column: str = "text",
    workers: int = 2,
    scheduler: str | None = None,
    seed: int = SEED,
    model: str | Embedder = "use",
    tell: Step | None = None,
) -> LargeSuggestions:
    """Say which codes of this study are likely for a great many texts beside it, such as open answers, and write them to Parquet.

    Parameters
    ----------
    source
        A CSV, JSONL or Parquet file with a text a row.
    out
        A folder that is not there yet.
    column, workers, scheduler, model, tell
        As for :func:`qualcode.discover_large`.
    seed
        Of what is learned from the study, as for :func:`qualcode.suggestions`.

    Returns
    -------
    LargeSuggestions
        Nothing in the study changes and no text is coded.

    Raises
    ------
    Refused
        When the study has no code to learn, or there is something at ``out`` already.
    BadFile
        When the source cannot be read or lacks the column.
    Missing
        When Dask, scikit-learn or the model is not installed.
    DiskFull
        When there is no room for the outcome.
    """
    chosen = embedder(model)
    learned, _, _ = suggester(study, model=chosen, seed=seed)
    book, called = study.codebook.book, handles(study.codebook.book)
    named = {code.guid: (called[code.guid], code.name) for code in book.codes}
    files = (Path(source), Path(out))
    return suggest_over(learned, named, files, chosen, column=column, workers=workers, scheduler=scheduler, tell=tell)
