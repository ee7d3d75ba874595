"""The kinds of thing a study holds, each a declaration: its fields, their types and what they refer to.

Store, merge, undo, history and export read these declarations; a new kind needs no other code.
Every entity also has ``guid`` (given at birth, never derived from a name) and ``exists``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "integer", "real", "boolean", "json"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    A ``json`` field that holds a mapping can be set key by key, as ``attributes.leeftijd``.
    """

    name: str
    type: FieldType
    refers_to: str | None = None
    circular: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity; ``in_codebook`` kinds make up a version of the codebook."""

    name: str
    fields: tuple[Field, ...]
    in_codebook: bool = False

    def field(self, name: str) -> Field:
        """Return the field that ``name`` sets; ``attributes.leeftijd`` is a key of ``attributes``."""
        stem = name.partition(".")[0]
        for field in self.fields:
            if field.name == stem:
                return field
        raise KeyError(f"{self.name}.{name}")


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "text") for name in names)


def _json(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "json") for name in names)


def _ref(name: str, kind: str, *, circular: bool = False) -> Field:
    return Field(name, "text", refers_to=kind, circular=circular)


_SPAN = (
    _ref("document", "document"),
    Field("version", "integer"),
    Field("start", "integer"),
    Field("end", "integer"),
)
_MADE = (_ref("coder", "coder"), *_text("at"))

_DECLARED = (
    # the study itself; one entity
    Kind("project", (*_text("name", "language", "definition", "definition_source", "notice"), *_json("settings"))),
    Kind("coder", _text("name", "role")),
    # the codebook as a whole; one entity
    Kind(
        "codebook",
        (*_text("name", "version", "language", "source"), *_json("dimensions", "confusable", "rules", "guide")),
        in_codebook=True,
    ),
    Kind(
        "code",
        (
            *_text("id", "name", "definition", "include", "exclude", "source", "colour"),
            *_json("examples", "requires"),
            _ref("parent", "code", circular=True),
            Field("codable", "boolean"),
            Field("position", "real"),
            Field("retired", "boolean"),
            _ref("merged_into", "code", circular=True),
        ),
        in_codebook=True,
    ),
    # texts are kept once, by SHA-256; `turns` holds arrays start, end, label, time, and gaps
    Kind(
        "document",
        (
            *_text("name", "kind", "source", "format", "text"),
            Field("version", "integer"),
            Field("position", "integer"),
            *_json("turns", "attributes", "warnings"),
        ),
    ),
    Kind("participant", (*_text("name"), *_json("attributes"))),
    Kind("speaker", (_ref("document", "document"), *_text("label", "role"), _ref("participant", "participant"))),
    Kind("assignment", (_ref("document", "document"), _ref("coder", "coder"))),
    Kind(
        "coding",
        (*_SPAN, _ref("code", "code"), *_MADE, *_text("layer", "memo", "codebook"), *_json("dimensions")),
    ),
    # a note on anything: `on` names a kind and `target` a guid; a note on words has a span
    Kind("memo", (*_text("on", "target"), *_SPAN, *_text("text"), *_MADE)),
    # I1-I9 on a turn; `about` is the span of the turn it answers
    Kind(
        "interaction",
        (*_SPAN, *_text("interaction"), _ref("code", "code"), *_json("about"), *_MADE, *_text("layer")),
    ),
    # which turns a coder has read, `turns.12` a key each so that copies merge; it refers to nothing, so that it never keeps anything in use
    Kind("reading", (*_text("document", "coder", "at"), Field("version", "integer"), *_json("turns"))),
    # what a moderator turn asks: open, doorvraag, sturend, samenvattend, procedureel
    Kind("prompt", (*_SPAN, *_text("type"), *_MADE)),
    # was the topic raised in this session: ja or nee; `topic` is a code, subtheme or theme
    Kind("topic", (_ref("document", "document"), _ref("topic", "code"), *_text("raised", "note"), *_MADE)),
    # questions of one position are one question in other words: `version` says whose
    Kind("question", (*_text("text", "source", "version"), Field("position", "integer"), *_json("codes"))),
    # the researcher overrules a group status, with a reason
    Kind("status", (_ref("document", "document"), _ref("code", "code"), *_text("status", "reason"), *_MADE)),
    # where was searched for counter-evidence, and what came of it
    Kind("search", (_ref("code", "code"), *_text("where", "found"), *_MADE)),
    # a question over codes, people and words that was kept by name; `unit` is turn, fragment or document
    Kind("query", (*_text("name", "text", "unit"), *_MADE)),
    # who was invited, registered, attended; `step` is a word of the researcher, `number` of people
    Kind("recruitment", (*_text("step", "organisation", "reason", "remark"), Field("number", "integer"))),
    # what was decided, by whom about what, and why
    Kind("decision", (*_text("number", "date", "about", "decision", "reason", "remark"), *_MADE)),
    # what the organisation promised to do; `measurable` is ja or nee
    Kind("measure", _text("id", "domain", "name", "owner", "source", "goal", "indicator", "measurable", "remark")),
    Kind(
        "promise",
        (_ref("measure", "measure"), *_text("promised", "date", "source", "said_on", "note", "remark"), Field("number", "integer")),
    ),
    # a suggestion (a code, or an id without one yet) answered by a measure, or by none
    Kind(
        "link",
        (*_text("suggestion"), _ref("code", "code"), _ref("measure", "measure"), *_text("coverage", "reason", "author", "date", "remark")),
    ),
    # another frame over the same measures and codes: a track holds one of either a row
    Kind("track", (*_text("frame", "track", "title", "remark"), _ref("measure", "measure"), _ref("code", "code"))),
    Kind("goal", (*_text("id", "text", "source", "remark"), *_json("measures", "suggestions"))),
    Kind("scale", _text("sort", "score", "label", "explanation", "remark")),
    Kind(
        "score",
        (
            *_text("department", "period", "score", "grounds", "assessor", "owner", "status", "previous", "reason", "date", "remark"),
            _ref("measure", "measure"),
        ),
    ),
    # what participants of a later round say came of a measure
    Kind("effect", (*_SPAN, _ref("measure", "measure"), *_text("effect", "note", "remark"), *_MADE)),
    # figures from elsewhere: a survey, complaints; and what other studies say
    Kind("figure", (*_text("label", "text", "value", "unit", "year", "source", "source_note", "remark"), _ref("code", "code"))),
    Kind("complaint", _text("category", "number", "remark")),
    Kind("comparison", _text("id", "subject", "study", "source", "design", "verdict", "note", "remark")),
    # what became of codes between two rounds of data collection; `was` and `became` are ids joined by |
    Kind(
        "mapping",
        _text("version", "date", "sort", "was", "became", "name", "definition", "include", "exclude", "comparable", "reason", "remark"),
    ),
    # a cell of the framework matrix: the researcher's summary, the fragments behind it, and how far it is
    Kind("cell", (_ref("document", "document"), _ref("code", "code"), *_text("text", "state"), *_json("fragments"), *_MADE)),
    # what was chosen where two coders differed: `take` is a, b, both, neither or new; `made` are the codings of the consensus layer
    Kind(
        "choice",
        (*_SPAN, *_text("take", "reason", "memo", "layer"), *_json("coders", "codings_a", "codings_b", "made"), *_MADE),
    ),
    # a remark or verdict on anything: `on` names a kind and `target` a guid or a section's name; `text` says why, `decision` closes it;
    # one that `answers` another stands in its thread
    Kind(
        "review",
        (
            *_text("on", "target"),
            *_SPAN,
            *_text("verdict", "text", "decision"),
            _ref("code", "code"),
            _ref("answers", "review"),
            *_MADE,
        ),
    ),
    # who agrees with a document or a chapter: what was open then, and the fingerprint of what was read
    Kind("signature", (*_text("on", "target", "reason", "seen"), *_json("open"), *_MADE)),
    # a passage chosen to be printed: what for, how it was made readable, and what was decided about it
    Kind("quote", (*_SPAN, _ref("code", "code"), *_text("sort", "edited", "reason", "decision", "remark"), *_MADE)),
    # a passage that outsiders see only as [gelakt: ground]
    Kind("masking", (*_SPAN, *_text("ground", "remark"), *_MADE)),
    # what was decided about words that may identify somebody: accept (with what stands instead) or reject; never the words themselves
    Kind("identifier", (*_SPAN, *_text("decision", "replacement"), *_MADE)),
    # how far a section of the report is, and what it was read against: figures by reference, and the words (SHA-256)
    Kind("section", (*_text("stem", "state", "text", "note"), *_json("values"), *_MADE)),
    # what a reader of the report asks of the study and only the researcher can answer
    Kind("answer", (*_text("template", "item", "answer"), *_MADE)),
    # topics found by a machine in one go: with what, from how much, what a reader must know; each topic is a proposal
    Kind("topicset", (*_text("model", "engine"), Field("seed", "integer"), *_json("settings", "notes"), *_MADE)),
    # what a machine proposes: `sort` is topic, new_code or coding; `state` is pending, accepted or rejected, with the person's reason;
    # a topic's `passages` are arrays document, start, end; `why` are the grounds on which it was proposed
    Kind(
        "proposal",
        (
            *_SPAN,
            *_text("sort", "name", "state", "reason"),
            _ref("topicset", "topicset"),
            Field("number", "integer"),
            Field("score", "real"),
            _ref("code", "code"),
            _ref("coding", "coding"),
            _ref("merged_into", "proposal", circular=True),
            *_json("words", "passages", "why"),
            *_MADE,
        ),
    ),
    # what left the house: for whom, how much, why, the tables that were published and the references of the quotes
    Kind("release", (*_text("level", "profile", "date", "decision", "stamp"), *_json("files", "tables", "quotes"), *_MADE)),
    # what another program's project holds and a study has no place for: kept as it is, to be written back; `place` is where it stood
    Kind("foreign", _text("origin", "place", "tag", "xml")),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _DECLARED}
SPANNED = tuple(kind.name for kind in _DECLARED if set(_SPAN) <= set(kind.fields))
"""The kinds of thing that may stand on words of a version of a text."""

DOCUMENT_KINDS = ("focusgroep", "interview", "notitie", "open_antwoorden", "document")
# `overig`: a voice nobody could name, a line of the meeting's own program; never coded, never counted
ROLES = ("deelnemer", "moderator", "notulist", "overig")
INTERACTIONS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9")
PROMPTS = ("open", "doorvraag", "sturend", "samenvattend", "procedureel")
COVERAGES = ("volledig", "deels", "raakt aan", "geen")
SECTION_STATES = ("concept", "akkoord")
CELL_STATES = ("concept", "gezien", "akkoord")
TAKES = ("a", "b", "both", "neither", "new")
VERDICTS = ("accept", "change", "reject", "remark")
SCORE_STATES = ("niet ingevuld", "geen gegevens", "concept", "definitief")
QUOTE_SORTS = ("typisch", "bijzonder", "tegengeluid")
RELEASE_LEVELS = ("L0", "L1", "L2", "L3")
STATUSES = ("gedeeld", "meerdere stemmen", "enkele stem", "verdeeld", "niet herkend", "niet aan de orde")
