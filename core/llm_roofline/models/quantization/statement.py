"""What a statement on quantisation says: an ordered list of which modules are stored in which formats."""

from __future__ import annotations

from typing import NamedTuple

from ...formats import DENSE, WIDE, FormatShare, Sparsity, bits_per_weight


class Described(NamedTuple):
    """Formats of the modules that a rule is for.

    Parameters
    ----------
    weights : str
        Format of their weights; empty where bits are given.
    activations : str
        Format of what these are multiplied with.
    sparsity : Sparsity
        What of the weights is stored.
    bits : float
        Mean bits of a weight [bit].
    matrix_bits : float
        What is stored beside the weights of each matrix, such as a codebook [bit].
    """

    weights: str = ""
    activations: str = WIDE
    sparsity: Sparsity = DENSE
    bits: float = 0.0
    matrix_bits: float = 0.0

    def share(self, elements: float, matrix: float) -> FormatShare:
        """These formats for some of an operator's weights.

        Parameters
        ----------
        elements : float
            How many of them [1].
        matrix : float
            Elements of one matrix of the operator [1].
        """
        weights = self.weights or bits_per_weight(self.bits + self.matrix_bits / matrix)
        return FormatShare(elements, weights, self.activations, self.sparsity)


class Rule(NamedTuple):
    """Modules, and their formats.

    Parameters
    ----------
    names : tuple of (str, str)
        Names with ``*``, each with the text that it was read from.
    described : Described or None
        Their formats; None where they stay as they were trained.
    key : str
        Where the rule is stated; empty where it need not match anything.
    """

    names: tuple[tuple[str, str], ...]
    described: Described | None
    key: str = ""


class Statement(NamedTuple):
    """What is stated.

    Parameters
    ----------
    default : Described or None
        Formats of linear layers that no rule is for.
    rules : tuple of Rule
        The first that is for a module decides.
    kv_cache : str or None
        Format of keys and values; None where it is not stated.
    head, embedding : Described or None
        Formats of head and embedding that no rule is for.
    of_towers : bool
        The default is that of towers as well.
    experts_alone : bool
        The default is that of experts alone.
    notes : tuple of str
        What a reader should know of it.
    """

    default: Described | None
    rules: tuple[Rule, ...] = ()
    kv_cache: str | None = None
    head: Described | None = None
    embedding: Described | None = None
    of_towers: bool = False
    experts_alone: bool = False
    notes: tuple[str, ...] = ()
