"""How checkpoints lay out the layers that predict further tokens (MTP), by the ``model_type`` of their model.

Sources are the tensors of published checkpoints and what engines load: vLLM's ``deepseek_mtp``, ``qwen3_next_mtp``,
``mimo_mtp``, ``ernie_mtp``, ``nemotron_h_mtp``, ``step3p5_mtp``, ``deepseek_v4_mtp`` and ``minimax_m3``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...basics import shown

if TYPE_CHECKING:
    from ..config import Config

NEXT_N = "num_nextn_predict_layers"


class Layout(NamedTuple):
    """Names and places of what stands around such a layer.

    Parameters
    ----------
    token, features, projection, final : str
        Names of the norms of token and features, of the projection of both, and of the last norm; the last one empty
        where the layer has none.
    key : str
        Key of how many there are.
    behind : bool
        They are numbered behind the layers of the model; else from 0.
    once : bool
        There is one projection, and one norm of each kind, for all layers.
    also : str
        Another key that may say another number, which is doubted then.
    """

    token: str
    features: str
    projection: str
    final: str
    key: str = NEXT_N
    behind: bool = False
    once: bool = False
    also: str = ""

    def doubt(self, config: Config) -> None:
        """Note that two keys say two numbers, where they do.

        Parameters
        ----------
        config : Config
            The configuration.
        """
        stated, other = (config.fields.get(key) for key in (self.key, self.also))
        if other is not None and other != stated:
            config.notes.append(
                f"Layers that predict further tokens are counted by {self.key!r} = {shown(stated)}, of which vLLM "
                f"loads as many; {self.also!r} says {shown(other)}."
            )


DEEPSEEK = Layout("enorm", "hnorm", "eh_proj", "shared_head.norm", behind=True)
QWEN = Layout("pre_fc_norm_embedding", "pre_fc_norm_hidden", "fc", "norm", "mtp_num_hidden_layers", once=True)
_NVIDIA = Layout("enorm", "hnorm", "eh_proj", "final_layernorm")

LAYOUTS = {
    **dict.fromkeys(("deepseek_v3", "deepseek_v32", "glm4_moe", "glm4_moe_lite", "glm_moe_dsa"), DEEPSEEK),
    **dict.fromkeys(("kimi_k2", "step3p7"), DEEPSEEK),
    **dict.fromkeys(("qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"), QWEN),
    "qwen3_next": QWEN._replace(key=NEXT_N),
    "mimo": Layout("token_layernorm", "hidden_layernorm", "input_proj", "final_layernorm"),
    "ernie4_5_moe": Layout("mtp_emb_norm", "mtp_hidden_norm", "mtp_linear_proj", ""),
    "nemotron_h": _NVIDIA,
    "minimax_m3": _NVIDIA._replace(key="num_mtp_modules", also=NEXT_N),
    "deepseek_v4": Layout("enorm", "hnorm", "h_proj", "norm"),
}
"""Layouts that are understood."""
UNPUBLISHED = {
    "minimax_m2": "published checkpoints have no tensors of them (github.com/MiniMax-AI/MiniMax-M2.7, issue 16)"
}
"""Why those of a family cannot be known."""
