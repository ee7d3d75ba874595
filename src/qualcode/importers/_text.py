"""Bytes become text: encoding, byte order mark, line ends, NFC. Knows nothing of turns."""

from __future__ import annotations

import codecs
import re
import unicodedata

from qualcode.errors import BadFile
from qualcode.importers._reading import Doubt

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# UTF-8 that was once read as Windows-1252 and saved again
_MOJIBAKE = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\x80-\xbf™œž“”¦]")
_SAMPLE = 4096


def tidy(text: str) -> str:
    r"""Return the text in NFC with ``\n`` line ends and without a byte order mark."""
    text = text.removeprefix("\ufeff")
    if _LINE_ENDS.search(text):
        text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", text)


def _unmarked_utf16(data: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: Latin text has a zero in every second byte."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    most = len(sample) // 2 * 0.7
    return "utf-16-le" if odd > most and not even else "utf-16-be" if even > most and not odd else None


def decode(data: bytes, file: str) -> tuple[str, tuple[Doubt, ...]]:
    """Return the text of a file and what was doubtful about its encoding.

    UTF-8 and UTF-16 are recognised; what is neither is read as Windows-1252, the old Dutch default, with a doubt.

    Raises
    ------
    BadFile
        When the bytes are no text in any of these encodings.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _unmarked_utf16(data)
    doubts: list[Doubt] = []
    try:
        if encoding is not None:
            text = data.decode(encoding)
        else:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode("cp1252")
                doubts.append(Doubt("importers.old_encoding", {}))
    except UnicodeDecodeError as damage:
        raise BadFile("importers.undecodable", file=file, place=damage.start) from None
    strange = _CONTROL.search(text)
    if strange:
        raise BadFile("importers.binary", file=file, place=strange.start())
    text = tidy(text)
    damaged = len(_MOJIBAKE.findall(text)) + text.count("\ufffd")
    if damaged:
        doubts.append(Doubt("importers.mojibake", {"n": damaged}))
    return text, tuple(doubts)
