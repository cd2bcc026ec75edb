"""How a model makes its output: token after token, or all of it at once in steps of denoising."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paradigm:
    """What the passes of a request are, and what people call them.

    Parameters
    ----------
    passes : tuple of str
        Names of the first pass and of those after it.
    inputs, outputs : str
        What ``prompt_tokens`` and ``output_tokens`` of a workload count.
    grows : bool
        Every pass adds to what the next ones read; otherwise each runs over all tokens again, and all are alike.
    default_outputs : int or None
        What a workload has where nobody says [1]; None for its own default.
    """

    passes: tuple[str, str]
    inputs: str
    outputs: str
    grows: bool
    default_outputs: int | None = None


AUTOREGRESSIVE = Paradigm(("prefill", "decode"), "prompt tokens", "output tokens", grows=True)
DIFFUSION = Paradigm(
    ("denoising", "denoising"), "patches of an image", "denoising steps", grows=False, default_outputs=250
)
"""250 steps are those of DDPM sampling in the paper of DiT (arXiv 2212.09748, section 4)."""
