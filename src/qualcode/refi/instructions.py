"""XML as bytes, with what only qualcode reads behind it, as processing instructions that every other program passes over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from qualcode.refi.codes import INSTRUCTION

if TYPE_CHECKING:
    from lxml.etree import _Element


def serialised(root: _Element, portions: Iterable[dict[str, Any]]) -> bytes:
    """Return a document as bytes, the portions after its root."""
    from lxml import etree

    etree.cleanup_namespaces(root)
    etree.indent(root, space=" ")
    for portion in reversed(list(portions)):
        text = json.dumps(portion, separators=(",", ":")).replace("?>", "?\\u003e")
        root.addnext(etree.ProcessingInstruction(INSTRUCTION, text))
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8")
    return written
