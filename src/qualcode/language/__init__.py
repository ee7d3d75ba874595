"""Dutch as people speak it: words with their lemmas, sentences, names, stop words, parts of compounds.

Knows texts only: nothing of documents, studies or screens. Every position is a code point in the text it is about. What a
machine says about words is a hint with a name: :func:`pipeline_name` goes into every export.
"""

from __future__ import annotations

from qualcode.language.compounds import parts
from qualcode.language.guess import guess
from qualcode.language.names import ENTITY_COLUMNS, entities
from qualcode.language.pipeline import pipeline_name, program, use
from qualcode.language.sentences import sentences
from qualcode.language.spoken import FILLERS, STOP_WORDS
from qualcode.language.tables import WORD_COLUMNS, words

__all__ = [
    "ENTITY_COLUMNS",
    "FILLERS",
    "STOP_WORDS",
    "WORD_COLUMNS",
    "entities",
    "guess",
    "parts",
    "pipeline_name",
    "program",
    "sentences",
    "use",
    "words",
]
