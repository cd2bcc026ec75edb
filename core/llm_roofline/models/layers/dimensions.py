"""The dimensions of a decoder, under the keys that most families use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..config import Config


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The dimensions of a decoder.

    Parameters
    ----------
    hidden, layers, heads, kv_heads, head_size, ffn, vocabulary : int
        Hidden size, layers, query heads, KV heads, elements of a head, FFN width, rows of the vocabulary [1].
    """

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    ffn: int
    vocabulary: int

    @property
    def query_width(self) -> int:
        """Elements of the queries of a token [1]."""
        return self.heads * self.head_size

    @property
    def kv_width(self) -> int:
        """Elements of the keys of a token, and of its values [1]."""
        return self.kv_heads * self.head_size


def dimensions(
    config: Config, *, head_size: int | None = None, kv_heads_stated: bool = False, dense: bool = True
) -> Dimensions:
    """Dimensions under the keys that most families use; a head's size is the configuration's own where it says one.

    Parameters
    ----------
    config : Config
        The configuration.
    head_size : int, optional
        What the family takes where ``head_dim`` is missing [1]; left out, hidden size by heads.
    kv_heads_stated : bool
        The family's default of KV heads is that of one checkpoint, so that a configuration must state them.
    dense : bool
        Some layer has a dense feed-forward network, so that a configuration must state its width.
    """
    hidden = config.count("hidden_size")
    heads = config.count("num_attention_heads")
    kv_heads = (
        config.count("num_key_value_heads") if kv_heads_stated else config.count("num_key_value_heads", default=heads)
    )
    config.divides("num_key_value_heads", kv_heads, "num_attention_heads", heads)
    head_size = (
        config.optional_count("head_dim")
        or head_size
        or config.divides("num_attention_heads", heads, "hidden_size", hidden)
    )
    layers, vocabulary = config.count("num_hidden_layers"), config.count("vocab_size")
    ffn = config.count("intermediate_size") if dense else 0
    return Dimensions(hidden, layers, heads, kv_heads, head_size, ffn, vocabulary)


def dimensions_of_gpt2(config: Config) -> Dimensions:
    """Dimensions under the keys of GPT-2, with heads of keys and values for every query head."""
    hidden, heads = config.count("n_embd", "hidden_size"), config.count("n_head", "num_attention_heads")
    size = config.divides("n_head", heads, "n_embd", hidden)
    ffn = config.count("n_inner", default=4 * hidden)
    layers, vocabulary = config.count("n_layer", "num_hidden_layers"), config.count("vocab_size")
    return Dimensions(hidden, layers, heads, heads, size, ffn, vocabulary)
