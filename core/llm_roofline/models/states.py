"""In which format a model keeps its recurrent states: that of the code which its family runs.

Transformers 5.24 keeps them at 32 bit in Mamba, Mamba-2, Falcon Mamba, Jamba, Granite 4, Nemotron-H, Qwen3-Next,
Qwen 3.5 and Kimi Linear, at 16 bit in MiniMax-Text-01; of the last tokens that a convolution sees it keeps results as
they were made. ``tests/referee/states.json`` has what its caches hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import shown

if TYPE_CHECKING:
    from .config import Config

KEYS = ("mamba_ssm_cache_dtype", "mamba_ssm_dtype")
FORMATS = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}
USUAL = "fp32"


def state_format(config: Config, usual: str) -> str:
    """Format of the states that a configuration states, or that is usual in its family.

    Parameters
    ----------
    config : Config
        The configuration, of which the part on text may hold the statement.
    usual : str
        The family's.
    """
    text = config.part("text_config") if isinstance(config.fields.get("text_config"), dict) else config
    stated = next((value for key in KEYS if (value := text.fields.get(key)) is not None), None)
    if stated is None or stated == "auto":
        return usual
    if not isinstance(stated, str) or stated not in FORMATS:
        text.problem(
            f"{' or '.join(map(repr, KEYS))} must be one of {', '.join(FORMATS)} or auto (got {shown(stated)})."
        )
        return usual
    return FORMATS[stated]
