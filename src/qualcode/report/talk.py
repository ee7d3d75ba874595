"""An excerpt of talk as it is printed: who speaks in turn, for outsiders by a letter that holds for this excerpt alone."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qualcode.analysis.names import PARTICIPANT, says_little
from qualcode.analysis.talking import TALK, exchanges, talk
from qualcode.errors import NotFound
from qualcode.labels import say
from qualcode.report.facts import Facts
from qualcode.report.markdown import mark, plain
from qualcode.report.masking import with_masks
from qualcode.report.quotes import Quote, quote


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A few turns that participants said to each other.

    ``words`` are theirs, word for word; ``markdown`` how they are printed for this reader; ``quotes`` the coded passages in them, which
    the rules for quotes hold for as well.
    """

    words: str
    markdown: str
    quotes: tuple[Quote, ...]


def excerpt(facts: Facts, ref: str) -> Excerpt:
    """Return an excerpt of talk.

    Raises
    ------
    NotFound
        When there are no such turns, when they are too few, too many or one person's (see :func:`qualcode.analysis.talking.talk`), or
        when one of them was withdrawn.
    """
    frame = talk(facts.base.snapshot, ref)
    if _withdrawn(frame):
        raise NotFound("report.quote_withdrawn", ref=ref)
    voices = frame["participant"].fillna(frame["speaker"])
    people = list(dict.fromkeys(voices[frame["role"] == PARTICIPANT]))
    lines = []
    for voice, row in zip(voices, frame.to_dict("records"), strict=True):
        said = with_masks(facts, row["document_guid"], row["start"], row["end"], row["text"])
        lines.append(f"> **{plain(_who(facts, voice, people, row['role']))}**: {plain(said)}")
    guid, name = str(frame["document_guid"].iloc[0]), str(frame["document"].iloc[0])
    first, last = int(frame["turn"].iloc[0]), int(frame["turn"].iloc[-1])
    shown = name if facts.internal or says_little(name) else facts.shown(name)
    place = mark(f"{TALK}:{shown}-{first:04d}..{last:04d}", link=False)
    lines.append(f"> ({plain(facts.label(name))}) {place}")
    inside = [one for one, row in facts.refs.items() if row["document_guid"] == guid and first <= int(row["turn"]) <= last]
    block = "\n>\n".join(lines)
    return Excerpt("\n".join(frame["text"]), f"\n\n{block}\n\n", tuple(quote(facts, one) for one in inside))


def offers(facts: Facts, guid: str, *, most: int | None = None) -> list[tuple[str, pd.DataFrame]]:
    """Return excerpts to choose from for a code and what is below it, with their turns: one a session, none with a turn that was withdrawn."""
    found = [(ref, talk(facts.base.snapshot, ref)) for ref in exchanges(facts.base, guid)]
    return [(ref, frame) for ref, frame in found if not _withdrawn(frame)][:most]


def _withdrawn(frame: pd.DataFrame) -> bool:
    return any(not text.strip("█ ") for text in frame["text"])


def _who(facts: Facts, voice: str, people: list[str], role: str) -> str:
    """Return whose turn it is; a letter tells the speakers apart without a name that lasts."""
    if role != PARTICIPANT:
        return say("report.talk_moderator" if role == "moderator" else "report.talk_other")
    return voice if facts.internal else say("report.talk_voice", letter=chr(ord("A") + people.index(voice)))
