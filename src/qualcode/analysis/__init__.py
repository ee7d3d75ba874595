"""Questions put to a study: codings, turns, spread, status, counter-voices, and where every figure comes from."""

from qualcode.analysis.counter import counter_voices
from qualcode.analysis.counting import counted
from qualcode.analysis.frames import codings, participation, turns
from qualcode.analysis.origins import segments, trace
from qualcode.analysis.spreading import cells, spread
from qualcode.analysis.statuses import status
from qualcode.analysis.terms import term

__all__ = [
    "cells",
    "codings",
    "counted",
    "counter_voices",
    "participation",
    "segments",
    "spread",
    "status",
    "term",
    "trace",
    "turns",
]
