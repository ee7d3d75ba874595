"""Every word on screen is in the catalogue, in both languages, with the same facts."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import qualcode
from qualcode.labels import LANGUAGES, catalogue, language, listed, say, set_language

SOURCE = Path(qualcode.__file__).parent
ROOMS = sorted(path.stem for path in (SOURCE / "labels").glob("*.toml"))


def facts(sentence: str) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_stands_in_both_languages_with_the_same_facts(room: str) -> None:
    for name, sentence in catalogue(room).items():
        assert set(sentence) == set(LANGUAGES), name
        assert facts(sentence["nl"]) == facts(sentence["en"]), name
        assert all(text.strip() for text in sentence.values()), name


def keys_used() -> set[str]:
    """Return every catalogue key in the source; one that ends in ``.`` or ``_`` is completed at run time."""
    pattern = re.compile(rf"({'|'.join(ROOMS)})\.(?!css$|mjs$|toml$|csv$|qde$)[a-z0-9_]*")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py"))
    strings = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    # `analysis.agreement` may also be a module that is loaded by name
    modules = {".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in (*SOURCE.rglob("*.py"), *SOURCE.iterdir())}
    modules |= {".".join(path.relative_to(SOURCE).parent.parts) for path in SOURCE.rglob("__init__.py")}
    return {text for text in strings if pattern.fullmatch(text) and text not in modules}


KEYS = {f"{room}.{name}" for room in ROOMS for name in catalogue(room)}
USED = keys_used()
BEGUN = tuple(key for key in USED if key.endswith(("_", ".")))
# a desk names the rooms whose `page_` words its page shows
OF_PAGES = tuple(
    f"{room}.page_"
    for path in (SOURCE / "widgets").glob("*.py")
    for named in re.findall(r"rooms: ClassVar\[tuple\[str, \.\.\.\]\] = \(([^)]*)\)", path.read_text(encoding="utf-8"))
    for room in re.findall(r'"(\w+)"', named)
)


def test_every_key_in_the_source_is_in_the_catalogue() -> None:
    assert {key for key in USED if key not in BEGUN} - KEYS == set()
    assert [start for start in BEGUN if not any(key.startswith(start) for key in KEYS)] == []


def test_no_sentence_of_the_catalogue_is_without_use() -> None:
    assert {key for key in KEYS - USED if not key.startswith((*BEGUN, *OF_PAGES))} == set()


def test_the_language_is_dutch_unless_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language() == "nl"
    monkeypatch.setenv("QUALCODE_LANG", "en")
    assert language() == "en"
    set_language("nl")
    assert say("words.focusgroup") == "focusgroep"
    assert say("words.focusgroup", lang="en") == "focus group"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="nl, en"):
        set_language("fr")  # type: ignore[arg-type]


def test_a_long_list_says_how_many_more() -> None:
    assert listed([str(n) for n in range(12)], most=3) == "0, 1, 2 en nog 9"
