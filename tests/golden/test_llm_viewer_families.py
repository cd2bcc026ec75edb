"""`Conventions.paper` reproduces the paper's tool for every model it knows, with and without its fused attention.

The file holds its output, faults included, for OPT, GPT-J, ChatGLM and DiT, and for fused attention in Llama; what is
not fused there is in ``test_llm_viewer.py``. Every count is equal to the unit, and so is the time of every pass.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_roofline import (
    Conventions,
    Hardware,
    Precision,
    Scenario,
    Step,
    Workload,
    evaluate,
    evaluate_step,
    load_model,
    techniques,
)
from tests.over import over

GOLDEN = json.loads(Path(__file__).with_name("llm_viewer_families.json").read_text(encoding="utf-8"))
FORMATS = {4: "int4", 8: "int8", 16: "fp16"}
TRAFFIC = ("weight_bytes", "activation_read_bytes", "activation_write_bytes", "kv_read_bytes", "kv_write_bytes")
NAMES = {  # the tool's operators, and how checkpoints of each family name them; fused attention is one operator
    "q_proj": "q_proj query_key_value.q_proj attn.qkv.q_proj",
    "k_proj": "k_proj query_key_value.k_proj attn.qkv.k_proj",
    "v_proj": "v_proj query_key_value.v_proj attn.qkv.v_proj",
    "out_proj": "o_proj out_proj dense attn.proj",
    "gate_proj": "gate_proj fc1.gate_proj mlp.fc1.gate_proj dense_h_to_4h.gate_proj",
    "up_proj": "up_proj fc1.up_proj mlp.fc1.up_proj dense_h_to_4h.up_proj fc_in",
    "down_proj": "down_proj fc2 mlp.fc2 dense_4h_to_h fc_out",
    "attn_norm": "input_layernorm self_attn_layer_norm ln_1 norm1",
    "mlp_norm": "post_attention_layernorm final_layer_norm norm2",
    "attn_add": "attn_add add.out_proj",
    "mlp_add": "mlp_add add",
    "mlp_act": "act_fn",
    "lm_head": "lm_head output_layer",
    "qk_matmul": "qk_matmul",
    "softmax": "softmax",
    "sv_matmul": "attention",
}
THEIRS = {ours: theirs for theirs, names in NAMES.items() for ours in names.split()}
PASSES = {
    f"{case['model']} {case['batch']}x{case['tokens']} {case['bits']} fused={case['fused']} {phase}": (case, phase)
    for case in GOLDEN["cases"]
    for phase in ("prefill", "decode")
}
every_pass = over("of", PASSES)


def model_of(name):
    if name.startswith("DiT"):
        return load_model(f"facebook/{name.replace('/', '-')}")
    return load_model(GOLDEN["configs"][name], name)


MODELS = {name: model_of(name) for name in dict.fromkeys(case["model"] for case in GOLDEN["cases"])}


def scenario(case, device):
    figures = GOLDEN["devices"][device]
    made = Hardware(
        name=device,
        title=device,
        memory_bytes=80e9,
        memory_bandwidth=figures["memory_bandwidth"],
        peak_flops_per_s=figures["peaks"],
    )
    weights, activations, kv_cache = (FORMATS[bits] for bits in case["bits"])
    stored = Precision(weights, activations, kv_cache, weights)
    chosen = (techniques["flash-attention"],) if case["fused"] else ()
    return Scenario(MODELS[case["model"]], made, Workload(1, 1, 1), stored, chosen, Conventions.paper)


def run(case, phase, device):
    b, n = case["batch"], case["tokens"]
    return evaluate_step(scenario(case, device), Step(b, n, n, prompt=True) if phase == "prefill" else Step(b, 1, n))


@every_pass
def test_operations_traffic_and_time_of_every_operator_are_those_of_the_tool(of):
    case, phase = of
    expected = {name: row for names, row in case[phase]["counts"].items() for name in names.split()}
    for device, time in case[phase]["time"].items():
        whole = run(case, phase, device)
        table = whole.operators
        columns = [table.flops, table.bytes, *(table.traffic(name) for name in TRAFFIC)]
        ours = {THEIRS[row.name]: [column[i] / row.count for column in columns] for i, row in enumerate(table)}
        if case["fused"]:
            ours["fused_attention"] = ours.pop("sv_matmul")
        assert ours == expected
        assert whole.time == pytest.approx(time, rel=1e-12, abs=0)


@over("case", {name: case for name, (case, phase) in PASSES.items() if phase == "prefill"})
def test_memory_of_the_weights_is_that_of_the_tool(case):
    assert evaluate(scenario(case, "nvidia_A6000")).memory.weight_bytes == case["weight_memory"]


def test_every_model_and_case_of_the_tool_is_here():
    families = {fields["model_type"] for fields in GOLDEN["configs"].values()}
    assert families == {"llama", "opt", "gptj", "chatglm"}
    assert sum(name.startswith("DiT") for name in MODELS) == 4
    assert GOLDEN["counts"][2:] == ["load_weight", "load_act", "store_act", "load_kv_cache", "store_kv_cache"]
    assert sum(len(case[phase]["time"]) for case, phase in PASSES.values()) == 2 * (326 - 52)
