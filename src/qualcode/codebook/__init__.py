"""The codebook: the tree of codes, its checks, its edits, its files, its versions and what changed between them."""

from qualcode.codebook.book import Codebook
from qualcode.codebook.comparing import diff
from qualcode.codebook.edits import adding, editing, merging, moving, restoring, retiring, splitting
from qualcode.codebook.files import SUFFIXES, read, write
from qualcode.codebook.heading import heading
from qualcode.codebook.importing import importing
from qualcode.codebook.parts import Code, ConfusablePair, Dimension, Level, level_word
from qualcode.codebook.versions import at_version, versions

__all__ = [
    "SUFFIXES",
    "Code",
    "Codebook",
    "ConfusablePair",
    "Dimension",
    "Level",
    "adding",
    "at_version",
    "diff",
    "editing",
    "heading",
    "importing",
    "level_word",
    "merging",
    "moving",
    "read",
    "restoring",
    "retiring",
    "splitting",
    "versions",
    "write",
]
