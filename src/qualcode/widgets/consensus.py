"""The consensus desk: what two coders made of the same words, side by side, and what is chosen."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

import pandas as pd

from qualcode.analysis.agreement import AGREED, pairs
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import Snapshot, rows_of
from qualcode.project import Project
from qualcode.project.blind import notice
from qualcode.project.consensus import with_choices
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.passages import passage

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "listing.mjs", "reading.mjs", "consensus.mjs")
_CHOSEN = ("take", "decided_by", "reason", "memo", "stale")


class ConsensusDesk(Desk):
    """Decide between two coders: A, B, both, neither or something else, with a reason; the rounds themselves stay as they are.

    Parameters
    ----------
    study
        The project; what is chosen is signed by its coder and can be undone.
    coders
        The two coders.
    layer
        The round that is compared; ``ronde-1`` when left out.
    documents
        Only these (names); when left out those in which both coders coded.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound, Ambiguous, Refused
        For a coder, round or document that is not there, other than two coders, or nothing that both coded.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "consensus")
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "judging.css")

    def __init__(
        self, study: Project, coders: Sequence[str], *, layer: str = "ronde-1", documents: Collection[str] | None = None, **traits: Any
    ) -> None:
        self._coders, self._layer, self._documents = list(coders), layer, documents
        self._sight: tuple[Any, ...] = ()
        self._told_of: dict[str, tuple[Any, ...]] = {}
        self._frame = self._differences(study)
        super().__init__(study, **traits)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {"choose": self._choose, "agree": self._agree}

    def chart(self) -> Any:
        """Return the map of which code was given for which; a click shows those differences in this desk."""
        from plotly.graph_objects import FigureWidget

        from qualcode.charts import disagreements

        figure = FigureWidget(disagreements(self.study, self._coders, layer=self._layer, documents=self._documents))
        figure.data[0].on_click(self._clicked)
        return figure

    def _clicked(self, trace: Any, points: Any, _state: Any) -> None:
        for row, column in points.point_inds:
            code_a, code_b = trace.customdata[row][column][:2]
            self.send({"kind": "patch", "rev": self.next_rev(), "pair": [str(code_a), str(code_b)]})

    def show(self, to: str | None) -> None:
        """Send the differences with their words, and the codebook to choose from."""
        now, book = self.study.snapshot(), self.study.codebook.book
        self._frame = self._differences(self.study)
        self._told_of = self._chosen()
        content = {
            "coders": self._coders,
            "layer": self._layer,
            "me": self.study.coder,
            "notice": notice(self.study),
            "book": pages.codebook_page(book),
            "differences": [_row(now, row) for row in rows_of(self._frame)],
            "chosen": self._told_of,
        }
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send what was chosen since; the whole page again when codings or codebook changed."""
        if self._sight != self._seen(self.study):
            self.show(None)
        chosen = self._chosen()
        fresh = {key: held for key, held in chosen.items() if self._told_of.get(key) != held}
        self._told_of = chosen
        if answer or fresh:
            self.send({"kind": "patch", "rev": self.next_rev(), "chosen": fresh, **answer})

    def _differences(self, study: Project) -> pd.DataFrame:
        """Return the differences, reckoned anew only when the codings of these coders, the texts or the codebook changed."""
        seen = self._seen(study)
        if seen != self._sight:
            frame = pairs(study, self._coders, layer=self._layer, documents=self._documents)
            self._frame = frame[frame["kind"] != AGREED].reset_index(drop=True)
            self._agreed = int((frame["kind"] == AGREED).sum())
            self._sight = seen
        return self._frame

    def _seen(self, study: Project) -> tuple[Any, ...]:
        now = study.snapshot()
        guids = now.coders.loc[now.coders["name"].isin(self._coders), "guid"]
        table = now.codings[(now.codings["layer"] == self._layer) & now.codings["coder"].isin(guids)]
        rows = pd.util.hash_pandas_object(table[["guid", "code", "start", "end", "at"]], index=False)
        return (int(rows.sum()), len(rows), study.codebook.book.fingerprint, tuple(now.documents["text"]))

    def _chosen(self) -> dict[str, tuple[Any, ...]]:
        frame = with_choices(self.study, self._frame)
        rows = zip(*(frame[name].astype(object).where(frame[name].notna(), None) for name in _CHOSEN), strict=True)
        return dict(zip(frame["difference"], rows, strict=True))

    def _choose(self, message: dict[str, Any]) -> dict[str, Any]:
        found = self._frame[self._frame["difference"] == message["difference"]]
        if found.empty:
            raise Refused("consensus.moved")
        row = found.iloc[0]
        span = (message["start"], message["end"]) if message.get("start") is not None else None
        self.study.choose(
            row,
            message["take"],
            code=message.get("code") or None,
            span=span,
            reason=str(message.get("reason") or ""),
            memo=str(message.get("memo") or ""),
        )
        return {
            "said": say("consensus.decided", document=row["document"], turn=row["turn"], take=say(f"consensus.page_take_{message['take']}"))
        }

    def _agree(self, _message: dict[str, Any]) -> dict[str, Any]:
        made = self.study.take_agreed(self._coders, layer=self._layer, documents=self._documents)
        return {"said": say("consensus.agreed", n=made)}


def _row(now: Snapshot, row: dict[str, Any]) -> dict[str, Any]:
    """Return a difference as the page shows it."""
    document = now.document_names[row["document"]]
    table = now.codings.set_index("guid")
    sides = []
    for side in ("a", "b"):
        held = table.loc[row[f"codings_{side}"]]
        memos = [memo for memo in held["memo"] if isinstance(memo, str) and memo]
        sides.append(
            {"code": row[f"code_{side}"] if row[f"codings_{side}"] else "", "spans": row[f"spans_{side}"], "memo": " · ".join(memos)}
        )
    return {
        "key": row["difference"],
        "document": row["document"],
        "turn": row["turn"],
        "start": row["start"],
        "end": row["end"],
        "kind": row["kind"],
        "sides": sides,
        "dimensions": row["dimensions"],
        "rule": row["rule"] if isinstance(row["rule"], str) else "",
        "turns": passage(now, document, row["start"], row["end"]),
    }
