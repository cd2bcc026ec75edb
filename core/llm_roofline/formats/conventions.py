"""Conventions: the choices of counting on which tools differ, one named switch each.

``Conventions.standard`` is what GLOSSARY.md defines; ``Conventions.paper`` reproduces Table 1 of arXiv 2402.16363 and
the formulas of its tool, faults included. ``dataclasses.replace`` flips one switch, so that a reader sees what it is
worth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from ..basics import restore


@dataclass(frozen=True, slots=True)
class Conventions:
    """Switches of counting; the defaults are the standard ones.

    Parameters
    ----------
    fused_attention : bool
        A scenario that names no technique runs FlashAttention.
    causal_attention : bool
        Count the visible pairs of causal attention exactly; else every query meets every key.
    fused_output : bool
        Fused attention writes a value of each head for every query; else an element for every score, and that twice.
    fused_reading : bool
        Fused attention reads keys and values once; else again for every so many queries as a head has elements.
    fused_kv_heads : bool
        Fused attention reads the keys and values of the KV heads; else of as many heads as there are query heads.
    embedding, rope, final_norm, qk_norm, biases : bool
        Count the work and the traffic of these; what is stored stays. Positions and their sum belong to the embedding.
    conditioning : bool
        Count the time steps, classes, modulation and last projection of a diffusion transformer; else its layers are
        those of a language model.
    cache_where_reused : bool
        Keys and values go to the KV cache where a later step reads them; else always.
    fused_projections : bool
        A projection that the checkpoint has for queries, keys and values, or for gate and up, is one product; else each
        of them is one, and reads its input.
    joint_add : bool
        Attention and network side by side are added in one go; else one after the other, each sum written.
    stored_networks : bool
        A feed-forward network has the projections that its checkpoint stores; else OPT and DiT have a gate as well.
    norm_weights : bool
        Norms read their weights.
    norm_by_kind : bool
        RMSNorm costs 4 FLOP an element and LayerNorm 7; else every norm costs 7.
    add_reads_both : bool
        A residual add reads both operands; else one.
    activation_on_ffn : bool
        The activation function runs on the FFN width at its own cost and operands; else on the hidden size, 2 FLOP an
        element, two operands.
    head_multiply_add : bool
        A multiply-add of the head is 2 FLOP, as everywhere; else 1.
    head_rows : bool
        The head reads and writes a row for each sequence; else one row whatever the batch.
    head_precision : bool
        The head has a format of its own; else the one of the weights.
    wide_intermediates : bool
        What quantisation leaves alone stays at 16 bit; else it takes the format of the activations.
    group_scales : bool
        Scales and zero points of quantisation groups take bytes.
    query_heads : bool
        Attention reads the query of every head; else, in the prefill, of as many heads as there are KV heads; fused
        attention always reads all.
    latent_cache : bool
        Latent attention keeps its latent, and absorbs the projection from it; else it keeps keys and values of every
        head, as if it were common attention.
    vector_roof : bool
        Norms, softmax, activation functions and RoPE run on the vector lanes; else on the matrix units.
    peak_by_operator : bool
        Each operator computes at the peak that its own operands allow; else all run at the int8 peak if weights,
        activations and KV cache have 8 bits or fewer, and at the fp16 peak if not.
    whole_memory : bool
        Memory holds embedding, head, norms and biases; else the weights of the linear layers alone.
    output_memory : bool
        Memory holds keys and values of the output as well; else those of the prompt alone.
    """

    fused_attention: bool = True
    causal_attention: bool = True
    embedding: bool = True
    rope: bool = True
    final_norm: bool = True
    qk_norm: bool = True
    biases: bool = True
    norm_weights: bool = True
    norm_by_kind: bool = True
    add_reads_both: bool = True
    activation_on_ffn: bool = True
    head_multiply_add: bool = True
    head_rows: bool = True
    head_precision: bool = True
    wide_intermediates: bool = True
    group_scales: bool = True
    query_heads: bool = True
    latent_cache: bool = True
    vector_roof: bool = True
    peak_by_operator: bool = True
    whole_memory: bool = True
    output_memory: bool = True
    fused_output: bool = True
    fused_reading: bool = True
    fused_kv_heads: bool = True
    conditioning: bool = True
    cache_where_reused: bool = True
    fused_projections: bool = True
    joint_add: bool = True
    stored_networks: bool = True

    __setstate__ = restore

    standard: ClassVar[Conventions]
    paper: ClassVar[Conventions]

    def differences(self) -> dict[str, bool]:
        """Switches that stand otherwise than in ``Conventions.standard``."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}


Conventions.standard = Conventions()
Conventions.paper = Conventions(**{f.name: False for f in fields(Conventions)})
