"""Exact parameters and matmul FLOP of open models, counted by an independent implementation, Transformers.

Each model is built on PyTorch's meta device from the fields of its `config.json` (no weight is made, none is fetched)
and run once with an empty cache and once with that cache; PyTorch's own counter reads the matrix products off the run.
Nothing of this project is imported, so the counts cannot agree by construction. Class defaults fill missing fields.

Run `python tests/golden/referee.py CONFIG_DIR` with torch and transformers installed to write `referee.json` anew. The
files of CONFIG_DIR are named `owner--name_config.json`; those of other architectures are passed over.
"""
# torch and transformers are no dependency of this project, so nothing but a run of this file may need them.
# ruff: noqa: PLC0415
# pyright: reportMissingImports=false

import argparse
import json
import platform
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).with_name("referee.json")
SUFFIX = "_config.json"
NATIVE = frozenset({"gemma", "gpt2", "gpt_neox", "gptj", "llama", "mistral", "opt", "phi3", "qwen2", "qwen3"})
BATCH = 2
PROMPT_TOKENS = 96  # below every sliding window of the configs, so that no window changes a count

CHATGLM_NOTE = (
    "Transformers has no class of this type: counted as its successor glm (the same operators under other names), with "
    "the fields renamed; its separate Q, K and V projections are the one query_key_value of the checkpoint."
)


def hub_id(path: Path) -> str:
    """Name of the model on the hub, `owner/name`, from the name of its config file."""
    return path.name.removesuffix(SUFFIX).replace("--", "/")


def glm_fields(chatglm: dict[str, Any]) -> dict[str, Any]:
    """Fields of a `glm` config that builds the same operators as these fields of a `chatglm` config.

    Raises
    ------
    ValueError
        If the config asks for something that the `glm` class cannot build.
    """
    fixed = {"add_bias_linear": False, "multi_query_attention": True, "rmsnorm": True}
    if wrong := {key: chatglm[key] for key, value in fixed.items() if chatglm[key] != value}:
        raise ValueError(f"A glm model cannot stand in for chatglm with {wrong}; it needs {fixed}.")
    return {
        "attention_bias": chatglm["add_qkv_bias"],
        "head_dim": chatglm["kv_channels"],
        "hidden_size": chatglm["hidden_size"],
        "intermediate_size": chatglm["ffn_hidden_size"],
        "max_position_embeddings": chatglm["seq_length"],
        "num_attention_heads": chatglm["num_attention_heads"],
        "num_hidden_layers": chatglm["num_layers"],
        "num_key_value_heads": chatglm["multi_query_group_num"],
        "pad_token_id": 0,  # the default lies outside this vocabulary, and an embedding refuses that
        "tie_word_embeddings": chatglm["tie_word_embeddings"],
        "vocab_size": chatglm["padded_vocab_size"],
    }


def matmul_flops(model: Any, query_tokens: int, cache: Any) -> tuple[dict[str, int], Any]:
    """Matmul FLOP of one step whose logits are kept for the last position only, and the cache it leaves.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        Causal language model on the meta device, with eager attention.
    query_tokens : int
        New tokens of each sequence [token].
    cache : transformers.Cache or None
        Keys and values of the tokens before; None for an empty cache.

    Returns
    -------
    tuple[dict[str, int], transformers.Cache]
        `total`, and of it `attention` (scores and weighted values of every query and key pair) [FLOP]; the new cache.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    tokens = torch.zeros(BATCH, query_tokens, dtype=torch.long, device="meta")
    with torch.no_grad(), torch.device("meta"), FlopCounterMode(display=False) as counter:
        output = model(input_ids=tokens, cache=cache, use_cache=True, logits_to_keep=1)
    by_product = {str(product): count for product, count in counter.get_flop_counts()["Global"].items()}
    if strange := by_product.keys() - {"aten.addmm", "aten.bmm", "aten.mm"}:
        raise ValueError(f"Matrix products that are neither linear layers nor attention: {sorted(strange)}.")
    # Linear layers flatten batch and position into one axis (mm, addmm); only attention keeps a batched product.
    return {"total": counter.get_total_flops(), "attention": by_product["aten.bmm"]}, output.cache


def counts(config: dict[str, Any]) -> dict[str, Any]:
    """Parameters (a tied weight once, buffers not at all) and matmul FLOP of prefill and of one decode step."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    fields = {key: value for key, value in config.items() if key not in {"_provenance", "model_type"}}
    model_type, notes = config["model_type"], {}
    if model_type == "chatglm":
        model_type, fields, notes = "glm", glm_fields(fields), {"notes": CHATGLM_NOTE}
    settings = AutoConfig.for_model(model_type, **fields)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(settings, attn_implementation="eager").eval()
    prefill, cache = matmul_flops(model, PROMPT_TOKENS, None)
    decode, _ = matmul_flops(model, 1, cache)
    return notes | {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "prefill_matmul_flops": prefill["total"],
        "prefill_attention_matmul_flops": prefill["attention"],
        "decode_matmul_flops": decode["total"],
        "decode_attention_matmul_flops": decode["attention"],
    }


def workload(query_tokens: int, past_tokens: int) -> dict[str, int]:
    """Shape of one step, as it stands in the file [token]."""
    context_tokens = past_tokens + query_tokens
    tokens = {"query_tokens": query_tokens, "past_tokens": past_tokens, "context_tokens": context_tokens}
    return tokens | {"batch": BATCH, "logit_positions": 1}


def main() -> None:
    """Write the counts of every config of a folder whose architecture is covered."""
    import torch
    import transformers

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config_dir", type=Path, help="folder of owner--name_config.json files")
    paths = sorted(parser.parse_args().config_dir.glob(f"*{SUFFIX}"))
    configs = {hub_id(path): json.loads(path.read_text(encoding="utf-8")) for path in paths}
    covered = {name: config for name, config in configs.items() if config["model_type"] in NATIVE | {"chatglm"}}
    table = {
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "counting": "2 FLOP a multiply-add; eager attention multiplies every query with every key, masked or not",
        "prefill": workload(query_tokens=PROMPT_TOKENS, past_tokens=0),
        "decode": workload(query_tokens=1, past_tokens=PROMPT_TOKENS),
        "models": {name: counts(config) for name, config in covered.items()},
    }
    GOLDEN.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
