"""A bar of k of n groups: a square a group, so that nobody reads a percentage in it; vector for print, pixels for word processors."""

from __future__ import annotations

import struct
import zlib

import numpy as np

# parts of a square, in pixels: at the height it is printed (0.2 cm) this is over 500 dots an inch
_SIDE, _GAP, _RULE = 44, 12, 4
_TOLD, _NOT = (27, 79, 114), (107, 118, 128)
HEIGHT = 0.2
"""Height in centimetres."""


def name(k: int, n: int, ending: str) -> str:
    """Return the name of the picture.

    Examples
    --------
    >>> name(7, 9, "png")
    'balk-7-9.png'
    """
    return f"balk-{k}-{n}.{ending}"


def width(n: int) -> float:
    """Return the width of a bar of ``n`` groups, in centimetres."""
    return round(HEIGHT * (n * (_SIDE + _GAP) - _GAP) / _SIDE, 3)


def svg(k: int, n: int) -> str:
    """Return the bar as a vector picture: ``k`` squares filled, the others open."""
    squares = "".join(
        f'<rect x="{place * (_SIDE + _GAP) + _RULE / 2}" y="{_RULE / 2}" width="{_SIDE - _RULE}" height="{_SIDE - _RULE}" '
        f'fill="{_hex(_TOLD) if place < k else "none"}" stroke="{_hex(_TOLD if place < k else _NOT)}" stroke-width="{_RULE}"/>'
        for place in range(n)
    )
    size = f"{n * (_SIDE + _GAP) - _GAP} {_SIDE}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">{squares}</svg>'


def png(k: int, n: int) -> bytes:
    """Return the bar as pixels, the same bytes every time; what is no square is see-through."""
    open_ = np.full((_SIDE, _SIDE), 2, dtype=np.uint8)
    open_[_RULE:-_RULE, _RULE:-_RULE] = 0
    told, gap = np.ones((_SIDE, _SIDE), dtype=np.uint8), np.zeros((_SIDE, _GAP), dtype=np.uint8)
    parts = [part for place in range(n) for part in (told if place < k else open_, gap)][:-1]
    pixels = np.hstack(parts)
    rows = np.hstack([np.zeros((_SIDE, 1), dtype=np.uint8), pixels]).tobytes()
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0)
    palette = bytes((255, 255, 255, *_TOLD, *_NOT))
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"tRNS", b"\x00"), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
