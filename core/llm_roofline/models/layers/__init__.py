"""Parts of a layer that several families share, as rows in forward order. One idea a file."""

from .attention import attention, fused_attention
from .compressed import Compression, compressed_attention
from .delta import Delta, delta_dimensions, gated_delta
from .dimensions import Dimensions, dimensions, dimensions_of_gpt2
from .experts import Mixture, expert_dimensions, mixture, routed
from .fairseq import FAIRSEQ_SPELLINGS, side_dimensions, side_layers, side_norm, side_projections
from .gated_convolution import gated_convolution
from .hyper import Streams, collapsed, hyper_connected
from .indexer import Selection, block_indexer, indexer
from .kimi_delta import KimiDelta, kimi_delta
from .latent import Latent, latent_attention, latent_dimensions
from .latent_experts import latent_mixture
from .layer_norm import layer_norm_decoder, layer_normed
from .mamba import SILU, Mamba, latent_of_steps, mamba
from .mamba2 import Mamba2, mamba2
from .medusa_heads import medusa_heads
from .mixed import mixed_decoder, sparse_steps
from .mlp import ACTIVATIONS, MLP, fused_gated_mlp, gated_mlp, plain_mlp
from .moonvit import MOONVIT, moonvit
from .overrides import kind_overrides
from .parallel import parallel_layer
from .pixtral import PIXTRAL, pixtral
from .rotary import rotary_size
from .sandwich import sandwich_layer
from .sparse import are_sparse, sparse_decoder
from .stacking import (
    head,
    late_windows,
    layer_kinds,
    position_embedding,
    residual_layer,
    rms_norm_decoder,
    rms_norms,
    sequential,
    stacked,
)
from .transformer import Part, Projections, cross_attention, layer, self_attention, source_cache
from .vision import VisionNames, patches, projector, vision_layer
from .windows import windowed_layers

__all__ = [
    "ACTIVATIONS",
    "FAIRSEQ_SPELLINGS",
    "MLP",
    "MOONVIT",
    "PIXTRAL",
    "SILU",
    "Compression",
    "Delta",
    "Dimensions",
    "KimiDelta",
    "Latent",
    "Mamba",
    "Mamba2",
    "Mixture",
    "Part",
    "Projections",
    "Selection",
    "Streams",
    "VisionNames",
    "are_sparse",
    "attention",
    "block_indexer",
    "collapsed",
    "compressed_attention",
    "cross_attention",
    "delta_dimensions",
    "dimensions",
    "dimensions_of_gpt2",
    "expert_dimensions",
    "fused_attention",
    "fused_gated_mlp",
    "gated_convolution",
    "gated_delta",
    "gated_mlp",
    "head",
    "hyper_connected",
    "indexer",
    "kimi_delta",
    "kind_overrides",
    "late_windows",
    "latent_attention",
    "latent_dimensions",
    "latent_mixture",
    "latent_of_steps",
    "layer",
    "layer_kinds",
    "layer_norm_decoder",
    "layer_normed",
    "mamba",
    "mamba2",
    "medusa_heads",
    "mixed_decoder",
    "mixture",
    "moonvit",
    "parallel_layer",
    "patches",
    "pixtral",
    "plain_mlp",
    "position_embedding",
    "projector",
    "residual_layer",
    "rms_norm_decoder",
    "rms_norms",
    "rotary_size",
    "routed",
    "sandwich_layer",
    "self_attention",
    "sequential",
    "side_dimensions",
    "side_layers",
    "side_norm",
    "side_projections",
    "source_cache",
    "sparse_decoder",
    "sparse_steps",
    "stacked",
    "vision_layer",
    "windowed_layers",
]
