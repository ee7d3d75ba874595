"""The notebooks that come with qualcode, as the JupyterLab extension knows them: by fingerprint, with what runs and what hides at opening.

A cell with the tag ``bij-openen`` runs when its notebook is opened, one with the tag ``zonder-code`` shows no code; both only as long
as every cell of the notebook stands there to the letter. ``python -m qualcode.widgets.templates`` writes the file anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from qualcode.labels import LANGUAGES, say
from qualcode.sample import notebook_folder
from qualcode.writing import whole_or_not

RUN, HIDE = "bij-openen", "zonder-code"
WORDS = ("tile", "caption", "category")
EXTENSIONS = Path(__file__).parents[1] / "labextension"
"""The folder in which JupyterLab finds our extension."""


def fingerprint(cells: list[tuple[str, str]]) -> str:
    """Return the SHA-256 of the kinds and sources of cells; the page computes the same."""
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def templates(folder: Path) -> dict[str, Any]:
    """Return what the extension has to know: ``notebooks`` by fingerprint (``name``, ``run``, ``hide``: places of cells) and its ``words``."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tags = [cell["metadata"].get("tags", []) for cell in cells]
        places = {name: [place for place, held in enumerate(tags) if tag in held] for name, tag in (("run", RUN), ("hide", HIDE))}
        if any(places.values()):
            key = fingerprint([(cell["cell_type"], "".join(cell["source"])) for cell in cells])
            found[key] = {"name": path.name, **places}
    words = {lang: {name: say(f"desk.lab_{name}", lang=lang) for name in WORDS} for lang in LANGUAGES}
    return {"notebooks": found, "words": words}


def shown(folder: Path) -> str:
    """Return :func:`templates` as the file holds it."""
    return json.dumps(templates(folder), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    kept = shown(notebook_folder())
    whole_or_not(EXTENSIONS / "qualcode" / "static" / "notebooks.json", lambda path: path.write_text(kept, encoding="utf-8"))
