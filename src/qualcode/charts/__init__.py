"""Tables become Plotly figures; nothing of a transcript is ever in one, not even under the mouse."""

from qualcode.charts.agreement import agreement, disagreements
from qualcode.charts.spread import spread

__all__ = ["agreement", "disagreements", "spread"]
