"""The thematic report: figures from the study, words from the researcher, every one of them traceable."""

from qualcode.report.building import Built, build
from qualcode.report.facts import PROFILES
from qualcode.report.render import FORMATS

__all__ = ["FORMATS", "PROFILES", "Built", "build"]
