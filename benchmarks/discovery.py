"""Topics and suggestions side by side with the simple ways, on the sample and on texts with known topics: python benchmarks/discovery.py.

Writes the tables of docs/ontdekken.md to stdout. Our defaults stand beside stock BERTopic, k-means and NMF on words, and TF-IDF with logistic
regression. ``--wiki FOLDER`` adds sentences of Wikipedia articles from UD treebanks (LassySmall), known by their article.
"""

from __future__ import annotations

import argparse
import gzip
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from large import ABOUT
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import qualcode as qc
from qualcode.discovery import Embedded, Talk, embed, find_topics, guide_of, passages, seeds
from qualcode.discovery.coverage import overlaps
from qualcode.discovery.engines import warm_up
from qualcode.discovery.ranking import rank
from qualcode.discovery.tables import answers

HERE = Path(__file__).resolve().parents[1]
Known = tuple[list[str], list[str]]


def made_answers() -> Known:
    table = answers(HERE / "tests" / "discovery" / "bekende-onderwerpen.csv", needs=("text", "code"))
    return table["text"].tolist(), table["code"].tolist()


def short_answers(subjects: int, amount: int, *, seed: int = 5) -> Known:
    """Return made answers of a few words about so many subjects: a thing, what is the matter with it, or a wish."""
    rng = np.random.default_rng(seed)
    about = list(ABOUT.items())[:subjects]
    rows: list[tuple[str, str]] = []
    for _ in range(amount):
        name, parts = about[int(rng.integers(subjects))]
        thing, matter, wish = (rng.choice(part.split("|")) for part in parts)
        said = [f"{thing} {matter}", f"{wish}", f"ik wil {wish}", f"{thing}"][int(rng.integers(4))]
        rows.append((said + ["", ", echt waar", " hier in de buurt", " bij ons"][int(rng.integers(4))], name))
    return [text for text, _ in rows], [name for _, name in rows]


def part_of(known: Known, subjects: int, *, seed: int = 5) -> Known:
    """Return the texts of some of the subjects, drawn by chance."""
    kept = set(np.random.default_rng(seed).choice(sorted(set(known[1])), subjects, replace=False))
    rows = [(text, label) for text, label in zip(*known, strict=True) if label in kept]
    return [text for text, _ in rows], [label for _, label in rows]


def guided_table() -> None:
    """Compare topics of the sample with and without the codebook as a guide, on what coders made of the same passages."""
    study = qc.demo(None)
    table = passages(study)
    texts = table["text"].tolist()
    vectors = embed(texts)
    talk = Talk(table["voice"].tolist(), table["document_guid"].tolist(), table["turn"].tolist())
    codings = qc.codings(study, layer="consensus").drop_duplicates(["document", "start", "end"], keep=False)
    guids = dict(zip(study.snapshot().documents["name"], study.snapshot().documents["guid"], strict=True))
    codings = codings.assign(document_guid=codings["document"].map(guids)).reset_index(drop=True)
    pairs = overlaps(table, codings)
    pairs["label"] = codings["code_path"].str.split(" > ").str[1].to_numpy()[pairs["coding"]]
    known = pairs.groupby("passage")["label"].agg(lambda held: held.iloc[0] if held.nunique() == 1 else None).dropna()
    sessions = sorted(table["document_guid"].unique())
    half = np.isin(table["document_guid"].to_numpy()[known.index], np.random.default_rng(1).permutation(sessions)[: len(sessions) // 2])
    said, codes = seeds(study.codebook)
    coded = known[half]
    more = [texts[row] for row in coded.index]
    ways = {
        "zonder codeboek": None,
        "omschrijvingen en voorbeelden": guide_of(said, codes, embed(said)),
        "ook coderingen uit de andere helft van de sessies": guide_of(
            [*said, *more], [*codes, *([label] for label in coded)], embed([*said, *more])
        ),
    }
    judged, labels = known.index.to_numpy()[~half], known[~half].tolist()
    print(f"\n### Geleid door het codeboek: {len(judged)} passages met één subthema, uit sessies waarvan niet geleerd is\n")
    print("| manier | los: NMI, ARI | in gesprek: NMI, ARI |\n| --- | --- | --- |")
    for way, guide in ways.items():
        cells = []
        for among in (None, talk):
            found = [find_topics(texts, vectors, amount=15, seed=seed, talk=among, guide=guide).assignments[judged] for seed in (7, 8)]
            cells += [np.mean([measure(labels, one) for one in found]) for measure in (normalized_mutual_info_score, adjusted_rand_score)]
        print("| {} | {:.2f} {:.2f} | {:.2f} {:.2f} |".format(way, *cells), flush=True)


def sample_codings(level: int) -> Known:
    table = qc.codings(qc.demo(None), layer="consensus").drop_duplicates(["document", "start", "end"], keep=False)
    labels = table["code_path"].str.split(" > ").str[level] if level < 2 else table["code"]
    return table["text"].tolist(), labels.tolist()


def wiki(folder: Path) -> Known:
    rows: dict[str, list[str]] = {}
    article = ""
    for file in sorted(folder.glob("nl_lassysmall-*.conllu.gz")):
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
            if line.startswith("# sent_id"):
                article = line.split("= ")[1].strip().split(".")[0]
            elif line.startswith("# text") and len(line.split()) >= 8 and line[9:].strip() not in rows.setdefault(article, []):
                rows[article].append(line[9:].strip())
    kept = [(text, name) for name, texts in rows.items() if len(texts) >= 60 for text in texts[:120]]
    return [text for text, _ in kept], [name for _, name in kept]


def topic_ways(texts: list[str], vectors: Embedded, k: int) -> dict[str, Callable[[int], np.ndarray]]:
    words = TfidfVectorizer(min_df=2).fit_transform(texts)

    def stock(seed: int) -> np.ndarray:
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from umap import UMAP

        model = BERTopic(
            embedding_model=BaseEmbedder(),
            umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        )
        return np.array(model.fit_transform(texts, embeddings=vectors.vectors)[0])

    return {
        "qualcode, aantal uit de teksten": lambda seed: find_topics(texts, vectors, seed=seed).assignments,
        f"qualcode, k = {k}": lambda seed: find_topics(texts, vectors, seed=seed, amount=k).assignments,
        "BERTopic zoals het komt": stock,
        f"k-means op de vectoren, k = {k}": lambda seed: KMeans(k, n_init=5, random_state=seed).fit_predict(vectors.vectors),
        f"NMF op woorden, k = {k}": lambda seed: NMF(k, random_state=seed, max_iter=400).fit_transform(words).argmax(axis=1),
        f"k-means op woorden, k = {k}": lambda seed: KMeans(k, n_init=5, random_state=seed).fit_predict(words),
    }


def topics_table(name: str, known: Known) -> None:
    texts, labels = known
    vectors = embed(texts)
    print(f"\n### {name}: {len(texts)} teksten, {len(set(labels))} bekende onderwerpen\n")
    print("| manier | NMI | ARI | aantal | buiten | stabiel | seconden |\n| --- | --- | --- | --- | --- | --- | --- |")
    for way, run in topic_ways(texts, vectors, len(set(labels))).items():
        start = time.perf_counter()
        found = [run(seed) for seed in (7, 8)]
        seconds = (time.perf_counter() - start) / 2
        nmi, ari = (np.mean([measure(labels, one) for one in found]) for measure in (normalized_mutual_info_score, adjusted_rand_score))
        count, outside = len(set(found[0].tolist()) - {-1}), (found[0] < 0).mean()
        print(
            f"| {way} | {nmi:.2f} | {ari:.2f} | {count} | {outside:.0%} | {adjusted_rand_score(*found):.2f} | {seconds:.1f} |", flush=True
        )


def plain(train: Sequence[str], codes: Sequence[str], texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    vectorizer = TfidfVectorizer()
    model = LogisticRegression(max_iter=300).fit(vectorizer.fit_transform(train), codes)
    return list(model.classes_), model.predict_proba(vectorizer.transform(texts))


def suggestions_table(name: str, known: Known, draws: int = 3) -> None:
    texts, labels = known
    print(
        f"\n### {name}\n\n| voorbeelden per code | codes | qualcode: eerste, eerste drie | woorden (TF-IDF en logistische regressie) |\n| --- | --- | --- | --- |"
    )
    for amount in (5, 10, 20):
        hits: list[list[float]] = []
        codes = [code for code in sorted(set(labels)) if labels.count(code) >= amount + 3]
        if len(codes) < 4:
            continue
        for draw in range(draws):
            rng = np.random.default_rng(draw)
            rows = {code: rng.permutation([i for i, label in enumerate(labels) if label == code]) for code in codes}
            learn = [int(i) for code in codes for i in rows[code][:amount]]
            ask = [int(i) for code in codes for i in rows[code][amount:]]
            ours = rank([texts[i] for i in learn], [[labels[i]] for i in learn], [texts[i] for i in ask])
            theirs = plain([texts[i] for i in learn], [labels[i] for i in learn], [texts[i] for i in ask])
            line: list[float] = []
            for names, table in ((ours.codes, ours.chances), theirs):
                best = np.argsort(-table, axis=1)[:, :3]
                right = np.array([[names[c] == labels[i] for c in row] for i, row in zip(ask, best.tolist(), strict=True)])
                line += [right[:, 0].mean(), right.any(axis=1).mean()]
            hits.append(line)
        a, b, c, d = np.mean(hits, axis=0)
        print(f"| {amount} | {len(codes)} | {a:.2f}, {b:.2f} | {c:.2f}, {d:.2f} |", flush=True)


def speed() -> None:
    """Measure topics of about two thousand passages, and suggestions after one more coding; by the clock and in processor seconds."""
    texts = [" ".join(pair) for pair in zip(sample_codings(0)[0] * 4, made_answers()[0] * 20, strict=False)][:2000]

    def topics() -> None:
        warm_up("bertopic")
        find_topics(texts, embed(texts))

    clocked(f"thema's van {len(texts)} passages, koud (BERTopic laden, vectoren, woorden, groepen)", topics)
    vectors = embed(texts)
    clocked("nog eens, met bewaarde vectoren", lambda: find_topics(texts, vectors, seed=8))
    study = qc.demo(None)
    qc.suggestions(study)
    document = study.snapshot().documents["name"].iloc[0]
    turn = passages(study).query("document == @document")["turn"].iloc[5]
    study.code(document, "E07", turn=int(turn))
    clocked("voorstellen voor de hele voorbeeldstudie na een nieuwe codering", lambda: qc.suggestions(study))


def clocked(what: str, work: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    print(f"{what}: {time.perf_counter() - wall:.1f} s, processor {time.process_time() - cpu:.1f} s", flush=True)
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--wiki", type=Path)
    parser.add_argument("--only", choices=("topics", "suggestions", "guided", "speed"))
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    sets = {
        "Gemaakte antwoorden": made_answers(),
        "Gemaakte antwoorden, 4 onderwerpen": part_of(made_answers(), 4),
        "Gemaakte antwoorden, 8 onderwerpen": part_of(made_answers(), 8),
        "Korte antwoorden, 8 onderwerpen": short_answers(8, 200),
        "Korte antwoorden, 20 onderwerpen": short_answers(20, 500),
        "Korte antwoorden, 14 onderwerpen": short_answers(14, 1000),
        "Voorbeeldstudie, subthema's": sample_codings(1),
        "Voorbeeldstudie, codes": sample_codings(2),
    }
    if chosen.wiki:
        sets["Wikipedia, artikelen"] = wiki(chosen.wiki)
    if chosen.only in (None, "topics"):
        for title, held in sets.items():
            topics_table(title, held)
    if chosen.only in (None, "suggestions"):
        for title, held in sets.items():
            suggestions_table(title, held)
    if chosen.only in (None, "guided"):
        guided_table()
    if chosen.only in (None, "speed"):
        speed()
