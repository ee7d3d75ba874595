"""Tables become Plotly figures; nothing of a transcript is ever in one, not even under the mouse."""

from qualcode.charts.agreement import agreement, disagreements
from qualcode.charts.spread import spread
from qualcode.charts.topics import topic_map, topic_sessions, topic_tree

__all__ = ["agreement", "disagreements", "spread", "topic_map", "topic_sessions", "topic_tree"]
