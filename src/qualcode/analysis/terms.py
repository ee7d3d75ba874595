"""Words for how widely something was said: one term for every count, and numbers in words."""

from __future__ import annotations

from typing import Literal

from qualcode.labels import say

# from this many groups on, words such as "de meeste" mean something
ENOUGH = 6
MOST, HALF = 0.6, 0.4
FEW = 2

Term = Literal["all", "nearly_all", "most", "half", "some", "number", "none", "not_raised"]


def which_term(k: int, n: int) -> Term:
    """Return which term holds for ``k`` of the ``n`` focus groups where the topic came up.

    Parameters
    ----------
    k
        Focus groups in which somebody spoke from experience, or supported it.
    n
        Focus groups in which the topic came up.

    Returns
    -------
    str
        For ``n >= 6``: ``all`` k = n · ``nearly_all`` k = n - 1 · ``most`` k/n above 0.6 · ``half`` 0.4 to 0.6 · ``some``
        k of 3 or more, below 0.4 · ``number`` for 1 and 2. For fewer groups always ``number``, so that no adverb stands for a
        handful. ``none`` for k = 0, ``not_raised`` for n = 0.

    Raises
    ------
    ValueError
        When ``k`` is below 0 or above ``n``.

    Examples
    --------
    >>> [which_term(k, 9) for k in range(10)]
    ['none', 'number', 'number', 'some', 'half', 'half', 'most', 'most', 'nearly_all', 'all']
    >>> which_term(2, 3)
    'number'
    """
    if not 0 <= k <= n:
        raise ValueError(f"k lies between 0 and n, not {k} of {n}")
    if n == 0:
        return "not_raised"
    if k == 0:
        return "none"
    if n < ENOUGH or k <= FEW:
        return "number"
    if k >= n - 1:
        return "all" if k == n else "nearly_all"
    # compared in whole numbers: 3/5 is exactly 0.6
    if 10 * k > 6 * n:
        return "most"
    return "half" if 10 * k >= 4 * n else "some"


def term(k: int, n: int) -> str:
    """Return the words for ``k`` of ``n`` focus groups, as in "de meeste" or "twee van de drie"; see :func:`which_term`.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl"); term(8, 9), term(2, 3), term(0, 9); set_language(None)
    ('vrijwel alle', 'twee van de drie', 'niet genoemd')
    """
    return say(f"analysis.term_{which_term(k, n)}", k=in_words(k), n=in_words(n)) if n != 1 or k == 0 else say("analysis.term_only")


def in_words(number: int) -> str:
    """Return a number as people write it in running text: in words up to twenty, in figures above.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl"); in_words(1), in_words(13), in_words(21); set_language(None)
    ('één', 'dertien', '21')
    """
    words = say("analysis.numbers").split()
    return words[number] if 0 <= number < len(words) else str(number)
