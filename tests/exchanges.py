"""Projects of other programs, made by hand: REFI-QDA files as strings of XML, and the databases of Taguette and QualCoder."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

from qualcode import Project

PROJECT = "urn:QDA-XML:project:1.0"


def guid(name: str) -> str:
    """Return the guid of a thing in a test, by its name."""
    return str(uuid5(NAMESPACE_URL, name))


def selection(key: str, start: Any, end: Any, /, *codes: str, body: str = "", tail: str = "", **attributes: str) -> str:
    """Return a selection with a coding a code."""
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    codings = "".join(f'<Coding guid="{guid(key + code)}"><CodeRef targetGUID="{guid(code)}"/></Coding>' for code in codes)
    return f'<PlainTextSelection guid="{guid(key)}" startPosition="{start}" endPosition="{end}"{more}>{body}{codings}{tail}</PlainTextSelection>'


def source(key: str, /, body: str = "", **attributes: str) -> str:
    """Return a text source whose text is a file."""
    more = "".join(
        f" {name}={quoteattr(value)}"
        for name, value in ({"name": key, "plainTextPath": f"internal://{guid(key)}.txt"} | attributes).items()
    )
    return f'<TextSource guid="{guid(key)}"{more}>{body}</TextSource>'


def codes(*names: str) -> str:
    """Return a codebook of codes by name."""
    made = "".join(f'<Code guid="{guid(name)}" name={quoteattr(name)} isCodable="true"/>' for name in names)
    return f"<CodeBook><Codes>{made}</Codes></CodeBook>"


def xml(body: str, *, origin: str = "test", namespace: str = PROJECT) -> str:
    """Return a project."""
    return f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{namespace}" name="proef" origin="{origin}">{body}</Project>'


def packed(path: Path, qde: str | bytes, texts: Mapping[str, str | bytes], *, folder: str = "sources", inner: str = "project.qde") -> Path:
    """Write a .qdpx with these texts, by the name of their source."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inner, qde)
        for name, text in texts.items():
            archive.writestr(f"{folder}/{guid(name)}.txt", text)
    return path


def empty_study(tmp_path: Path, name: str = "leeg") -> Project:
    """Make a study without anything."""
    return Project.create(tmp_path / f"{name}.qualcode", coder="importeur")


TAGUETTE = """
CREATE TABLE users (login VARCHAR(30) PRIMARY KEY, created DATETIME);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(200), description TEXT, created DATETIME);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR(200), description TEXT, filename VARCHAR(200), created DATETIME,
    project_id INTEGER, text_direction VARCHAR(13), contents TEXT);
CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login VARCHAR(30), project_id INTEGER, document_id INTEGER, payload TEXT);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path VARCHAR(200), description TEXT);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER, PRIMARY KEY (highlight_id, tag_id));
"""

QUALCODER = """
CREATE TABLE project (databaseversion TEXT, date TEXT, memo TEXT, about TEXT, bookmarkfile INTEGER, bookmarkpos INTEGER, codername TEXT);
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT, av_text_id INTEGER);
CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, date TEXT, memo TEXT, supercatid INTEGER);
CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER, owner TEXT, date TEXT, color TEXT, supercid INTEGER);
CREATE TABLE code_text (ctid INTEGER PRIMARY KEY, cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER, owner TEXT, date TEXT,
    memo TEXT, avid INTEGER, important INTEGER);
CREATE TABLE code_image (imid INTEGER PRIMARY KEY, id INTEGER, cid INTEGER);
CREATE TABLE annotation (anid INTEGER PRIMARY KEY, fid INTEGER, pos0 INTEGER, pos1 INTEGER, memo TEXT, owner TEXT, date TEXT);
CREATE TABLE cases (caseid INTEGER PRIMARY KEY, name TEXT, memo TEXT, owner TEXT, date TEXT);
CREATE TABLE case_text (id INTEGER PRIMARY KEY, caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER, owner TEXT, date TEXT, memo TEXT);
CREATE TABLE attribute_type (name TEXT PRIMARY KEY, date TEXT, owner TEXT, memo TEXT, caseOrFile TEXT, valuetype TEXT);
CREATE TABLE attribute (attrid INTEGER PRIMARY KEY, name TEXT, attr_type TEXT, value TEXT, id INTEGER, date TEXT, owner TEXT);
CREATE TABLE journal (jid INTEGER PRIMARY KEY, name TEXT, jentry TEXT, date TEXT, owner TEXT);
"""


def database(path: Path, schema: str, rows: Mapping[str, list[tuple[Any, ...]]]) -> Path:
    """Write a SQLite database with these rows, each the first columns of its table."""
    connection = sqlite3.connect(path)
    connection.executescript(schema)
    for table, held in rows.items():
        width = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
        for row in held:
            filled = (*row, *([None] * (width - len(row))))
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", filled)
    connection.commit()
    connection.close()
    return path
