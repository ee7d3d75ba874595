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
    # what a moderator turn asks: open, doorvraag, sturend, samenvattend, procedureel
    Kind("prompt", (*_SPAN, *_text("type"), *_MADE)),
    # was the topic raised in this session: ja or nee; `topic` is a code, subtheme or theme
    Kind("topic", (_ref("document", "document"), _ref("topic", "code"), *_text("raised", "note"), *_MADE)),
    Kind("question", (*_text("text", "source"), Field("position", "integer"), *_json("codes"))),
    # the researcher overrules a group status, with a reason
    Kind("status", (_ref("document", "document"), _ref("code", "code"), *_text("status", "reason"), *_MADE)),
    # where was searched for counter-evidence, and what came of it
    Kind("search", (_ref("code", "code"), *_text("where", "found"), *_MADE)),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _DECLARED}

DOCUMENT_KINDS = ("focusgroep", "interview", "notitie", "open_antwoorden", "document")
# `overig`: a voice nobody could name, a line of the meeting's own program; never coded, never counted
ROLES = ("deelnemer", "moderator", "notulist", "overig")
INTERACTIONS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9")
PROMPTS = ("open", "doorvraag", "sturend", "samenvattend", "procedureel")
STATUSES = ("gedeeld", "meerdere stemmen", "enkele stem", "verdeeld", "niet herkend", "niet aan de orde")
