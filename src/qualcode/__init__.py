"""qualcode: code Dutch focus groups in Jupyter, together, and show what every sentence of the report rests on.

Nothing heavy loads until it is used; nothing leaves the machine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from qualcode.analysis import codings, counted, counter_voices, participation, spread, status, trace, turns
    from qualcode.analysis.agreement import agreement, disagreements
    from qualcode.codebook import Code, Codebook
    from qualcode.errors import QualcodeError
    from qualcode.labels import set_language
    from qualcode.model import Snapshot
    from qualcode.project import Project
    from qualcode.sample import demo, sample_folder
    from qualcode.widgets.codebooks import CodebookDesk
    from qualcode.widgets.coding import CodingDesk

_WHERE = {
    "Code": "codebook",
    "Codebook": "codebook",
    "CodebookDesk": "widgets.codebooks",
    "CodingDesk": "widgets.coding",
    "Project": "project",
    "QualcodeError": "errors",
    "Snapshot": "model",
    "agreement": "analysis.agreement",
    "codings": "analysis",
    "counted": "analysis",
    "counter_voices": "analysis",
    "demo": "sample",
    "disagreements": "analysis.agreement",
    "participation": "analysis",
    "sample_folder": "sample",
    "set_language": "labels",
    "spread": "analysis",
    "status": "analysis",
    "trace": "analysis",
    "turns": "analysis",
}

__all__ = [
    "Code",
    "Codebook",
    "CodebookDesk",
    "CodingDesk",
    "Project",
    "QualcodeError",
    "Snapshot",
    "__version__",
    "agreement",
    "codings",
    "counted",
    "counter_voices",
    "demo",
    "disagreements",
    "participation",
    "sample_folder",
    "set_language",
    "spread",
    "status",
    "trace",
    "turns",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name in _WHERE:
        return getattr(import_module(f"qualcode.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'qualcode' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
