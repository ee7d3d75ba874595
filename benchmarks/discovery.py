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

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import qualcode as qc
from qualcode.discovery import Embedded, embed, find_topics
from qualcode.discovery.ranking import rank
from qualcode.discovery.tables import answers

HERE = Path(__file__).resolve().parents[1]
Known = tuple[list[str], list[str]]


def made_answers() -> Known:
    table = answers(HERE / "tests" / "discovery" / "bekende-onderwerpen.csv", needs=("text", "code"))
    return table["text"].tolist(), table["code"].tolist()


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
    texts = [" ".join(pair) for pair in zip(sample_codings(0)[0] * 4, made_answers()[0] * 20, strict=False)][:2000]
    start = time.perf_counter()
    vectors = embed(texts)
    half = time.perf_counter()
    find_topics(texts, vectors)
    done = time.perf_counter()
    print(f"\n{len(texts)} passages: vectoren {half - start:.1f} s, thema's daarna {done - half:.1f} s.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--wiki", type=Path)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    sets = {
        "Gemaakte antwoorden": made_answers(),
        "Voorbeeldstudie, subthema's": sample_codings(1),
        "Voorbeeldstudie, codes": sample_codings(2),
    }
    if chosen.wiki:
        sets["Wikipedia, artikelen"] = wiki(chosen.wiki)
    for title, held in sets.items():
        topics_table(title, held)
    for title, held in sets.items():
        suggestions_table(title, held)
    speed()
