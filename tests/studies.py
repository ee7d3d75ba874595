"""Small studies to reason on, built by hand and frozen as snapshots; used by the tests of analysis, report and charts."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from qualcode.model import Snapshot, Stamp
from qualcode.model.kinds import KINDS

MOMENT = "2025-06-03T10:15:00.000Z"

# theme, subtheme, code; a name without codes below it is codable
TREE: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = {
    ("E", "Ervaringen met racisme"): {
        ("EA", "Openlijk en expliciet"): {"E01": "Belediging", "E02": "'Grap' over herkomst of cultuur"},
        ("EB", "Minder tastbaar"): {"E07": "Onderschatting", "E09": "Ongrijpbaar"},
    },
    ("O", "Opvolging door de organisatie"): {
        ("OB", "Reactie na aankaarten"): {
            "O05": "In twijfel getrokken",
            "O08": "Weinig kunnen of willen betekenen",
            "O09": "Snel en doortastend",
        },
        ("OC", "Melden, afhandeling, handhaving"): {"O12": "Drempel of angst voor gevolgen", "O14": "Onoverzichtelijke voorzieningen"},
    },
    ("S", "Suggesties"): {
        ("SA", "Leidinggevenden"): {"S01": "Direct aanspreken"},
        ("SC", "Melden en steun"): {"S09": "Bi-culturele vertrouwenspersonen", "S13": "Ambitieuzer beleid"},
    },
}

DIMENSIONS: tuple[dict[str, Any], ...] = (
    {"name": "stelling", "values": ["bevestigt", "nuanceert", "weerspreekt"], "default": "bevestigt"},
    {"name": "ervaring", "values": ["zelf", "gezien", "van horen zeggen", "hypothetisch"], "default": "zelf"},
    {"name": "uitlokking", "values": ["spontaan", "open vraag", "doorvraag", "sturende vraag", "na ander"], "default": "spontaan"},
    {"name": "actor", "values": ["omstander", "leidinggevende", "top"], "default": None},
    {"name": "grond", "values": ["huidskleur", "herkomst", "geloof"], "default": None, "multiple": True},
    {"name": "periode", "values": ["binnen", "vóór"], "default": "binnen"},
    {"name": "werkt", "values": ["wel", "niet"], "default": None},
    {"name": "scope", "values": ["binnen", "buiten"], "default": "binnen"},
    {"name": "ironie", "values": ["ja", "nee"], "default": "nee"},
    {"name": "voorval", "values": [], "default": None, "type": "number"},
)

DIRECTORY = {"R": "deelnemer", "P": "deelnemer", "M": "moderator", "N": "notulist"}


class Build:
    """A study in the making: add to it, then take its :meth:`snapshot`."""

    def __init__(self, tree: dict[Any, Any] = TREE, dimensions: Sequence[dict[str, Any]] = DIMENSIONS) -> None:
        self.state: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.texts: dict[str, str] = {}
        self.turns: dict[str, dict[int, tuple[int, int]]] = {}
        self.add(
            "project",
            "project",
            name="Proefstudie",
            language="nl",
            definition="",
            notice="Synthetische data, geen echte personen of gesprekken",
        )
        held = [{"multiple": False, "definition": "", "type": "choice", **d} for d in dimensions]
        self.add("codebook", "codebook", name="Proefboek", version="0.1", language="nl", dimensions=held, confusable=[], rules=[], guide=[])
        self.codes(tree)

    def add(self, kind: str, guid: str, /, **fields: Any) -> str:
        """Add an entity."""
        blank = {f.name: None for f in KINDS[kind].fields}
        self.state[kind][guid] = {**blank, **fields, "exists": True}
        return guid

    def codes(self, tree: dict[Any, Any], parent: str | None = None) -> None:
        """Add a tree of codes; the guid of ``E07`` is ``code-E07``."""
        for position, (key, below) in enumerate(tree.items()):
            leaf = isinstance(below, str)
            short, name = (key, below) if leaf else key
            fields = {
                "id": short,
                "name": name,
                "definition": f"Wat {name} is.",
                "parent": parent,
                "codable": leaf,
                "position": float(position),
            }
            self.add(
                "code", f"code-{short}", **fields, examples=[], requires=[], retired=False, include="", exclude="", source="", colour=""
            )
            if not leaf:
                self.codes(below, f"code-{short}")

    def document(self, name: str, turns: Iterable[tuple[str | None, str]], *, kind: str | None = None, **attributes: Any) -> str:
        """Add a document of ``(label, words)``; the guid of ``FG1`` is ``doc-FG1``, of its speaker R1 ``FG1/R1``."""
        kind = kind or ("interview" if name.startswith("IV") else "focusgroep" if name.startswith("FG") else "document")
        guid, text, arrays = f"doc-{name}", "", {"start": [], "end": [], "label": [], "time": [], "gaps": []}
        for label, words in turns:
            text += f"{label}: " if label else ""
            arrays["start"].append(len(text))
            text += unicodedata.normalize("NFC", words)
            arrays["end"].append(len(text))
            arrays["label"].append(label)
            arrays["time"].append(None)
            text += "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.texts[digest] = text
        self.turns[name] = dict(enumerate(zip(arrays["start"], arrays["end"], strict=True), 1))
        position = len(self.state["document"])
        fields = {
            "name": name,
            "kind": kind,
            "source": f"{name}.docx",
            "format": "docx",
            "text": digest,
            "version": 1,
            "position": position,
        }
        self.add("document", guid, **fields, turns=arrays, attributes=attributes, warnings=[])
        for label in dict.fromkeys(label for label in arrays["label"] if label):
            self.speaker(name, label)
        return guid

    def speaker(self, document: str, label: str, *, role: str | None = None) -> None:
        """Add a speaker, and the participant ``FG1-P2`` for label R2; also for somebody who never speaks."""
        role = role or DIRECTORY.get(label[0], "deelnemer")
        person = None
        if role == "deelnemer":
            person = self.add("participant", f"person-{document}-{label}", name=f"{document}-P{label[1:]}", attributes={})
        self.add("speaker", f"{document}/{label}", document=f"doc-{document}", label=label, role=role, participant=person)

    def span(self, document: str, words: str | int | tuple[int, int]) -> tuple[int, int]:
        """Return where words stand: a text that occurs once, a turn number, or a span itself."""
        if isinstance(words, tuple):
            return words
        if isinstance(words, int):
            return self.turns[document][words]
        text = self.texts[self.state["document"][f"doc-{document}"]["text"]]
        assert text.count(words) == 1, f"{words!r} occurs {text.count(words)} times in {document}"
        return text.index(words), text.index(words) + len(words)

    def coder(self, name: str) -> str:
        """Return the guid of a coder, added when new."""
        return self.add("coder", f"coder-{name}", name=name, role="codeur")

    def _made(self, document: str, words: str | int | tuple[int, int], coder: str) -> dict[str, Any]:
        start, end = self.span(document, words)
        return {"document": f"doc-{document}", "version": 1, "start": start, "end": end, "coder": self.coder(coder), "at": MOMENT}

    def code(
        self,
        document: str,
        words: str | int | tuple[int, int],
        code: str,
        *,
        coder: str = "anna",
        layer: str = "consensus",
        **dimensions: Any,
    ) -> str:
        """Add a coding; its dimensions are the other keywords."""
        memo = dimensions.pop("memo", None)
        fields = {"code": f"code-{code}", "layer": layer, "memo": memo, "codebook": "0.1/abcdef12", "dimensions": dimensions}
        return self.add("coding", f"coding-{len(self.state['coding']):05d}", **self._made(document, words, coder), **fields)

    def interaction(self, document: str, words: str | int, which: str, code: str | None = None, *, about: str | int | None = None) -> None:
        """Add an interaction on a turn."""
        span = dict(zip(("start", "end"), self.span(document, about), strict=True)) if about is not None else None
        fields = {"interaction": which, "code": f"code-{code}" if code else None, "about": span, "layer": "consensus"}
        self.add("interaction", f"interaction-{len(self.state['interaction'])}", **self._made(document, words, "anna"), **fields)

    def topic(self, document: str, code: str, raised: str) -> None:
        """Say whether a topic was raised in a session."""
        guid = f"topic-{len(self.state['topic'])}"
        self.add("topic", guid, document=f"doc-{document}", topic=f"code-{code}", raised=raised, coder=self.coder("anna"), at=MOMENT)

    def status(self, document: str, code: str, status: str, reason: str) -> None:
        """Overrule the status of a group."""
        guid = f"status-{len(self.state['status'])}"
        self.add("status", guid, document=f"doc-{document}", code=f"code-{code}", status=status, reason=reason, at=MOMENT)

    def search(self, code: str, where: str, found: str = "") -> None:
        """Note where was searched for counter-voices."""
        guid = f"search-{len(self.state['search'])}"
        self.add("search", guid, code=f"code-{code}", where=where, found=found, coder=self.coder("anna"), at=MOMENT)

    def assign(self, document: str, coder: str) -> None:
        """Assign a document to a coder."""
        guid = f"assignment-{len(self.state['assignment'])}"
        self.add("assignment", guid, document=f"doc-{document}", coder=self.coder(coder))

    def snapshot(self) -> Snapshot:
        """Return the study as it is now, frozen."""
        size = sum(len(rows) for rows in self.state.values())
        return Snapshot.of(self.state, self.texts, Stamp("studie", size, "0123456789abcdef", MOMENT))


def groups(count: int, *, people: int = 4, build: Build | None = None) -> Build:
    """Return a study of ``count`` focus groups: turn 1 is the moderator, turn 1 + i is participant R<i>."""
    build = build or Build()
    for number in range(1, count + 1):
        said = [(f"R{person}", f"Woorden van spreker {person} in groep {number}, meer niet.") for person in range(1, people + 1)]
        build.document(f"FG{number}", [("M1", "Wie wil beginnen?"), *said])
    return build


def told(build: Build, code: str, cells: str, **dimensions: Any) -> None:
    """Code ``"FG2:3 FG5:2"``: in FG2 the words of R1 to R3, in FG5 those of R1 and R2."""
    for cell in cells.split():
        document, _, people = cell.partition(":")
        for person in range(1, int(people) + 1):
            build.code(document, person + 1, code, **dimensions)
