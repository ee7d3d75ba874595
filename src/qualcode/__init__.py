"""qualcode: code Dutch focus groups in Jupyter, together, and show what every sentence of the report rests on.

Nothing heavy loads until it is used; nothing leaves the machine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from qualcode import charts
    from qualcode.analysis import codings, counted, counter_voices, participation, spread, status, trace, turns
    from qualcode.analysis.agreement import agreement, disagreements
    from qualcode.analysis.composition import composition
    from qualcode.analysis.contested import contested
    from qualcode.analysis.leaving_out import leaving_out
    from qualcode.analysis.matrix import matrix
    from qualcode.analysis.saturation import saturation
    from qualcode.codebook import Code, Codebook
    from qualcode.discovery.large import discover_large
    from qualcode.discovery.views import topic_tree, topics_by_session
    from qualcode.errors import QualcodeError
    from qualcode.labels import set_language
    from qualcode.model import Snapshot
    from qualcode.project import Project
    from qualcode.project.discovery import discover_topics, suggestions, topic_table
    from qualcode.sample import demo, sample_folder
    from qualcode.widgets.codebooks import CodebookDesk
    from qualcode.widgets.coding import CodingDesk
    from qualcode.widgets.consensus import ConsensusDesk
    from qualcode.widgets.pseudonyms import PseudonymDesk
    from qualcode.widgets.reports import QuoteDesk, ReportDesk
    from qualcode.widgets.reviewing import ReviewDesk
    from qualcode.widgets.suggestions import SuggestionDesk
    from qualcode.widgets.topics import TopicDesk

_WHERE = {
    "matrix": "analysis.matrix",
    "saturation": "analysis.saturation",
    "leaving_out": "analysis.leaving_out",
    "contested": "analysis.contested",
    "composition": "analysis.composition",
    "Code": "codebook",
    "Codebook": "codebook",
    "CodebookDesk": "widgets.codebooks",
    "CodingDesk": "widgets.coding",
    "ConsensusDesk": "widgets.consensus",
    "Project": "project",
    "PseudonymDesk": "widgets.pseudonyms",
    "QualcodeError": "errors",
    "QuoteDesk": "widgets.reports",
    "ReportDesk": "widgets.reports",
    "ReviewDesk": "widgets.reviewing",
    "Snapshot": "model",
    "SuggestionDesk": "widgets.suggestions",
    "TopicDesk": "widgets.topics",
    "agreement": "analysis.agreement",
    "codings": "analysis",
    "counted": "analysis",
    "counter_voices": "analysis",
    "demo": "sample",
    "disagreements": "analysis.agreement",
    "discover_large": "discovery.large",
    "discover_topics": "project.discovery",
    "participation": "analysis",
    "sample_folder": "sample",
    "set_language": "labels",
    "spread": "analysis",
    "status": "analysis",
    "suggestions": "project.discovery",
    "topic_table": "project.discovery",
    "topic_tree": "discovery.views",
    "topics_by_session": "discovery.views",
    "trace": "analysis",
    "turns": "analysis",
}

__all__ = [
    "Code",
    "Codebook",
    "CodebookDesk",
    "CodingDesk",
    "ConsensusDesk",
    "Project",
    "PseudonymDesk",
    "QualcodeError",
    "QuoteDesk",
    "ReportDesk",
    "ReviewDesk",
    "Snapshot",
    "SuggestionDesk",
    "TopicDesk",
    "__version__",
    "agreement",
    "charts",
    "codings",
    "composition",
    "contested",
    "counted",
    "counter_voices",
    "demo",
    "disagreements",
    "discover_large",
    "discover_topics",
    "leaving_out",
    "matrix",
    "participation",
    "sample_folder",
    "saturation",
    "set_language",
    "spread",
    "status",
    "suggestions",
    "topic_table",
    "topic_tree",
    "topics_by_session",
    "trace",
    "turns",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name == "charts":
        return import_module("qualcode.charts")
    if name in _WHERE:
        return getattr(import_module(f"qualcode.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'qualcode' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
