"""Forwards of Transformers that read values, which the meta device has none of, or that run experts nobody chose.

Each patch makes the products of the operator that the paper describes, in the same shapes; values do not matter here.
"""

from __future__ import annotations

import torch
from transformers import masking_utils
from transformers.models.dbrx.modeling_dbrx import DbrxExperts
from transformers.models.llama4.modeling_llama4 import Llama4TextMoe
from transformers.models.step3p7.modeling_step3p7 import Step3p7Experts


def grouped(rows: torch.Tensor, experts: torch.Tensor) -> torch.Tensor:
    """Each row (row, in) times the matrix of its expert, one of (expert, in, out)."""
    ends = torch.zeros(experts.shape[0], dtype=torch.int32, device=rows.device)
    return torch.nn.functional.grouped_mm(rows, experts, offs=ends)


def llama4_moe(self: Llama4TextMoe, hidden_states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Run the chosen experts alone, where Transformers sends every token, times zero, to every other one too."""
    tokens = hidden_states.reshape(-1, self.hidden_dim)
    _, logits = self.router(tokens)
    gate, up = grouped(tokens.repeat(self.top_k, 1), self.experts.gate_up_proj).chunk(2, dim=-1)
    routed = grouped(gate * up, self.experts.down_proj).view(self.top_k, *tokens.shape).sum(dim=0)
    return self.shared_expert(tokens) + routed, logits


def dbrx_experts(
    self: DbrxExperts, hidden_states: torch.Tensor, top_k_index: torch.Tensor, _: torch.Tensor
) -> torch.Tensor:
    """Run the chosen experts in one product each of w1, v1 and w2, where Transformers looks which were hit."""
    tokens = hidden_states.reshape(-1, self.hidden_size)
    chosen = top_k_index.shape[-1]
    w1, v1, w2 = (w.view(self.num_experts, self.ffn_hidden_size, -1) for w in (self.mlp.w1, self.mlp.v1, self.mlp.w2))
    rows = tokens.repeat(chosen, 1)
    made = grouped(grouped(rows, w1.transpose(1, 2)) * grouped(rows, v1.transpose(1, 2)), w2)
    return made.view(chosen, *tokens.shape).sum(dim=0).view_as(hidden_states)


def step3p7_experts(
    self: Step3p7Experts, hidden_states: torch.Tensor, top_k_index: torch.Tensor, _: torch.Tensor
) -> torch.Tensor:
    """Run the chosen experts in one product each of gate_up and down, where Transformers looks which were hit."""
    chosen = top_k_index.shape[-1]
    gate_up = grouped(hidden_states.repeat(chosen, 1), self.gate_up_proj.transpose(1, 2))
    made = grouped(self._apply_gate(gate_up), self.down_proj.transpose(1, 2))
    return made.view(chosen, *hidden_states.shape).sum(dim=0)


def apply() -> None:
    """Put the patches in place."""
    Llama4TextMoe.forward = llama4_moe
    DbrxExperts.forward = dbrx_experts
    Step3p7Experts.forward = step3p7_experts
    masking_utils.find_packed_sequence_indices = lambda _: None  # it looks for several texts in one row; we have one
