"""The key: which words stood under the replacements, in one encrypted file outside the study; who has it can turn them back.

AES-256-GCM with a key that scrypt (RFC 7914; n 2^15, r 8, p 1) makes of the passphrase. What lies open in the file: that it is a key, of
which study, and the random numbers. The file is sealed twice, so that a wrong passphrase and a damaged file can be told apart.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import BadFile, NotFound, Refused
from qualcode.writing import whole_or_not

_VERSION = 1
_COST = 2**15
_SHORTEST = 8
_WORD = b"qualcode"

Originals = dict[str, list[tuple[int, int, str, str]]]


@dataclass(frozen=True)
class Key:
    """What was replaced.

    Parameters
    ----------
    study
        Guid of the study it belongs to.
    texts
        By the address of a text: ``(start, end, original, replacement)`` in code points of that text.
    """

    study: str
    texts: Originals = field(default_factory=dict, repr=False)

    def known(self) -> dict[str, str]:
        """Return what every name was replaced with."""
        return {original: instead for rows in self.texts.values() for _, _, original, instead in rows}

    def with_texts(self, texts: Originals) -> Key:
        """Return the key with more originals; what it holds already stays."""
        joined = {address: list(rows) for address, rows in self.texts.items()}
        for address, rows in texts.items():
            held = joined.setdefault(address, [])
            held += [row for row in rows if row not in held]
        return Key(self.study, joined)

    def without(self, spans: Mapping[str, list[tuple[int, int]]]) -> Key:
        """Return the key without the originals that stand inside withdrawn spans."""
        left = {
            address: [row for row in rows if not any(start < row[1] and row[0] < end for start, end in spans.get(address, []))]
            for address, rows in self.texts.items()
        }
        return Key(self.study, left)


def _secret(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode("utf-8"))


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def write_key(path: Path, key: Key, passphrase: str) -> Path:
    """Write a key, encrypted; an earlier file of that name stands until the new one is whole.

    Raises
    ------
    Refused
        When the passphrase is shorter than eight characters.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(passphrase) < _SHORTEST:
        raise Refused("privacy.short_passphrase", least=_SHORTEST)
    salt, first, second = os.urandom(16), os.urandom(12), os.urandom(12)
    cipher = AESGCM(_secret(passphrase, salt))
    head = f"qualcode-key {_VERSION} {key.study}".encode()
    body = json.dumps(key.texts, ensure_ascii=False, sort_keys=True).encode("utf-8")
    held = {
        "qualcode-key": _VERSION,
        "study": key.study,
        "salt": _packed(salt),
        "check": _packed(first + cipher.encrypt(first, _WORD, None)),
        "body": _packed(second + cipher.encrypt(second, body, head)),
    }
    return whole_or_not(path, lambda beside: _private(beside, json.dumps(held, indent=1)))


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def read_key(path: Path, passphrase: str, *, study: str | None = None) -> Key:
    """Read a key.

    Parameters
    ----------
    path
        The key file.
    passphrase
        What it was written with.
    study
        Guid of the study it should belong to.

    Raises
    ------
    NotFound
        When there is no such file.
    BadFile
        When it is no key, or it was damaged or changed.
    Refused
        When the passphrase is wrong, or the key belongs to another study.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not path.is_file():
        raise NotFound("privacy.no_key", file=path.name)
    held = _held(path)
    if study is not None and held["study"] != study:
        raise Refused("privacy.other_key", file=path.name)
    cipher = AESGCM(_secret(passphrase, base64.b64decode(held["salt"])))
    check, body = (base64.b64decode(held[name]) for name in ("check", "body"))
    try:
        cipher.decrypt(check[:12], check[12:], None)
    except InvalidTag as error:
        raise Refused("privacy.wrong_passphrase", file=path.name) from error
    try:
        plain = cipher.decrypt(body[:12], body[12:], f"qualcode-key {_VERSION} {held['study']}".encode())
    except InvalidTag as error:
        raise BadFile("privacy.damaged_key", file=path.name) from error
    rows = json.loads(plain)
    return Key(held["study"], {address: [(int(s), int(e), o, i) for s, e, o, i in spans] for address, spans in rows.items()})


def _held(path: Path) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = [base64.b64decode(held[name], validate=True) for name in ("salt", "check", "body")]
        whole = held["qualcode-key"] == _VERSION and isinstance(held["study"], str) and all(len(p) >= len(_WORD) for p in parts)
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile("privacy.damaged_key", file=path.name) from error
    if not whole:
        raise BadFile("privacy.damaged_key", file=path.name)
    return held
