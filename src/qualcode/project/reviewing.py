"""The verbs of review: verdicts and threads, summaries in the matrix, and signing documents and chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import NotFound, Refused
from qualcode.labels import listed
from qualcode.model import CELL_STATES, VERDICTS, Change
from qualcode.project.coding import Coding

if TYPE_CHECKING:
    from qualcode.project.study import Project

MOST_WORDS = 40
_REVIEWED = ("coding", "cell", "memo", "document", "code")


def queue(study: Project, **choice: Any) -> pd.DataFrame:
    """Return the codings that wait for a supervisor; see :func:`qualcode.analysis.reviewing.queue` for choice and columns."""
    from qualcode.analysis.reviewing import queue as waiting

    return waiting(study, **choice)


def threads(study: Project) -> pd.DataFrame:
    """Return what was said in review; see :func:`qualcode.analysis.reviewing.threads` for the columns."""
    from qualcode.analysis.reviewing import threads as said

    return said(study)


def inbox(study: Project, coder: str | None = None) -> pd.DataFrame:
    """Return the open threads in which the word is to you, or to another coder; columns as :meth:`Project.threads`."""
    from qualcode.analysis.reviewing import inbox as waiting

    study._coder_guid(coder)
    return waiting(study, coder or study.coder)


def open_points(study: Project, document: str | None = None, *, chapter: str | None = None) -> pd.DataFrame:
    """Return what is not settled in a document or a chapter; see :func:`qualcode.analysis.signing.open_points`."""
    from qualcode.analysis.signing import open_points as points

    return points(study, document=document, chapter=chapter)


def signatures(study: Project) -> pd.DataFrame:
    """Return who signed what, and whether it still stands; see :func:`qualcode.analysis.signing.signatures`."""
    from qualcode.analysis.signing import signatures as signed

    return signed(study)


def review(study: Project, target: Coding | str, verdict: str = "remark", reason: str = "", *, code: str | None = None) -> str:
    """Give a verdict on a coding or on a summary of the matrix, or make a remark on anything.

    Parameters
    ----------
    target
        A coding, or the guid of a coding, cell, memo, document or code; a document also by name.
    verdict
        ``accept``, ``change``, ``reject`` or ``remark``.
    reason
        Why; needed for all but ``accept``, though a code proposed speaks for itself.
    code
        The code that would fit better: id, name, path or guid.

    Returns
    -------
    str
        Guid of the review, to answer or settle. What is accepted is settled.

    Raises
    ------
    NotFound
        When there is nothing of that guid or name, or no such code.
    Refused
        For another verdict, without a reason, or about your own work.
    """
    if verdict not in VERDICTS:
        raise Refused("review.bad_verdict", verdict=verdict, known=listed(VERDICTS))
    if verdict != "accept" and not reason.strip() and code is None:
        raise Refused("review.no_reason")
    kind, row = _target(study, target.guid if isinstance(target, Coding) else target)
    if verdict != "remark" and row.get("coder") == study._coder_guid():
        raise Refused("review.own_work")
    proposed = study._codebook().find(code).guid if code is not None else None
    place = {name: row[name] for name in ("document", "version", "start", "end") if kind == "coding"}
    done = "accept" if verdict == "accept" else ""
    facts = {"on": kind, "target": row["guid"], "verdict": verdict, "text": reason.strip(), "code": proposed, "decision": done}
    return _say(study, "review", {**facts, **{name: _plain(value) for name, value in place.items()}})


def _plain(value: Any) -> Any:
    return int(value) if not isinstance(value, str) else value


def _say(study: Project, kind: str, facts: dict[str, Any]) -> str:
    guid = study._store.guids()
    held = {**facts, "exists": True, "coder": study._coder_guid(), "at": study._store.clock()}
    study._commit(kind, Change("review", [guid], {name: [value] for name, value in held.items()}))
    return guid


def _target(study: Project, name: str) -> tuple[str, dict[str, Any]]:
    now = study.snapshot()
    wanted = now.document_names.get(name, name)
    for kind in _REVIEWED:
        table = now.tables[kind]
        found = table[table["guid"] == wanted]
        if len(found):
            return kind, {str(key): value for key, value in found.iloc[0].items()}
    raise NotFound("review.no_target", target=name)


def _review(study: Project, guid: str) -> dict[str, Any]:
    table = study.snapshot().reviews
    found = table[table["guid"] == guid]
    if found.empty:
        raise NotFound("review.no_review", review=guid)
    return {str(key): value for key, value in found.iloc[0].items()}


def answer(study: Project, review: str, text: str) -> str:
    """Answer a review; the thread stays open until it is settled.

    Parameters
    ----------
    review
        Guid of the review, or of an answer in its thread.
    text
        What you say.
    """
    row = _review(study, review)
    root = row["answers"] if isinstance(row["answers"], str) else row["guid"]
    if not text.strip():
        raise Refused("review.no_words")
    return _say(study, "answer", {"on": "review", "target": root, "answers": root, "verdict": "remark", "text": text.strip()})


def settle(study: Project, review: str, decision: str, *, apply: bool = False) -> None:
    """Close a thread with what was decided.

    Parameters
    ----------
    review
        Guid of the review.
    decision
        What was decided, in your words.
    apply
        Also do what the review asks: put the proposed code on the coding, or take the rejected coding away; one undo takes back both.

    Raises
    ------
    Refused
        Without a decision, or when there is nothing to do.
    """
    row = _review(study, review)
    if not decision.strip():
        raise Refused("review.no_words")
    if apply and not (row["on"] == "coding" and (isinstance(row["code"], str) or row["verdict"] == "reject")):
        raise Refused("review.nothing_to_apply")
    with study.gesture():
        if apply and isinstance(row["code"], str):
            study.recode(row["target"], code=row["code"])
        elif apply:
            study.uncode(row["target"])
        study._commit("settle", Change("review", [row["guid"]], {"decision": [decision.strip()]}))


def cell(
    study: Project, document: str, code: str, text: str | None = None, *, fragments: list[str] | None = None, state: str | None = None
) -> str:
    """Write a summary in the framework matrix, or say how far it is.

    Parameters
    ----------
    document
        Name of the session.
    code
        A subtheme or theme: id, name or path.
    text
        The summary, at most 40 words; a new one is ``concept`` again.
    fragments
        References or guids of the fragments it rests on; all that are coded there when left out.
    state
        ``concept``, ``gezien`` or ``akkoord``; the last two by somebody other than the writer.

    Returns
    -------
    str
        Guid of the cell.

    Raises
    ------
    NotFound, Ambiguous
        When there is no such session or code.
    Refused
        When the summary is too long, the state is none, the cell is empty, or the writer would agree with themselves.
    """
    words = len(text.split()) if text is not None else 0
    if words > MOST_WORDS:
        raise Refused("review.too_long", n=words, most=MOST_WORDS)
    if state is not None and state not in CELL_STATES:
        raise Refused("review.no_state", state=state, known=listed(CELL_STATES))
    place, of = study._document(document), study._codebook().find(code).guid
    table = study.snapshot().cells
    found = table[(table["document"] == place) & (table["code"] == of)]
    me = study._coder_guid()
    if found.empty and not (text or "").strip():
        raise Refused("review.empty_cell")
    writer = me if text is not None else found["coder"].iloc[0]
    if state in {"gezien", "akkoord"} and writer == me:
        raise Refused("review.own_work")
    guid = study._store.guids() if found.empty else str(found["guid"].iloc[0])
    after: dict[str, list[Any]] = {"state": [state or "concept"]} if state or text is not None else {}
    if text is not None:
        after |= {"exists": [True], "document": [place], "code": [of], "text": [text.strip()], "coder": [me], "at": [study._store.clock()]}
    if fragments is not None:
        after["fragments"] = [list(fragments)]
    study._commit("cell", Change("cell", [guid], after), about={"document": document, "code": code})
    return guid


def sign(study: Project, document: str | None = None, *, chapter: str | None = None, despite: str = "") -> str:
    """Agree with a document or with a chapter of the report, as its codings and summaries are now.

    Parameters
    ----------
    document
        Name of a document.
    chapter
        A theme: id, name or path.
    despite
        Why you sign although there are open points; they are kept with the signature.

    Returns
    -------
    str
        Guid of the signature.

    Raises
    ------
    Refused
        When there are open points and no reason, or not exactly one of document and chapter is given.
    """
    from qualcode.analysis.signing import seen_of

    points = open_points(study, document, chapter=chapter)
    what = str(document or chapter)
    if len(points) and not despite.strip():
        raise Refused("review.still_open", what=what, n=len(points))
    kind, target = ("document", study._document(what)) if document else ("chapter", study._codebook().find(what).guid)
    seen = seen_of(study, document=document, chapter=chapter)
    guid = _signed(study, kind, target) or study._store.guids()
    after: dict[str, Any] = {"on": kind, "target": target, "reason": despite.strip(), "seen": seen, "open": list(points["sentence"])}
    after |= {"exists": True, "coder": study._coder_guid(), "at": study._store.clock()}
    study._commit("sign", Change("signature", [guid], {name: [value] for name, value in after.items()}), about={kind: what})
    return guid


def unsign(study: Project, document: str | None = None, *, chapter: str | None = None) -> None:
    """Take back your own signature on a document or a chapter.

    Raises
    ------
    NotFound
        When you did not sign it.
    """
    what = str(document or chapter)
    kind, target = ("document", study._document(what)) if document else ("chapter", study._codebook().find(what).guid)
    guid = _signed(study, kind, target)
    if guid is None:
        raise NotFound("review.no_signature", what=what)
    study._commit("unsign", Change("signature", [guid], {"exists": [False]}), about={kind: what})


def _signed(study: Project, kind: str, target: str) -> str | None:
    """Return the signature of this coder on something."""
    table = study.snapshot().signatures
    found = table[(table["on"] == kind) & (table["target"] == target) & (table["coder"] == study._coder_guid())]
    return str(found["guid"].iloc[0]) if len(found) else None
