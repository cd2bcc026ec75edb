"""A part of a statement whose keys are read one by one, so that those that nobody reads can be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...basics import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HARMLESS = frozenset(
    (  # noqa: SIM905 - a hundred names at a glance
        "_load_in_4bit _load_in_8bit _name_or_path _scheme act_group_aware act_order activation_scale_ub "
        "activation_scheme actorder algo_config algorithm amp auto_mapping autoround_version axis backend "
        "batch_size bias bos_token_id cache_block_outputs calibration ch_axis chat_template checkpoint_format "
        "cls custom_mode damp_auto_increment damp_percent dataset desc_act disable_exllama dtype_cast dynamic "
        "enable_minmax_tuning enable_quanted_input exllama_config exporter fmt fuse_max_seq_len "
        "global_compression_ratio global_sparsity gradient_accumulate_steps hadamard_size hyb_act "
        "inference_backend is_dynamic is_marlin_format is_static iter_method iters linear_class "
        "llm_int8_enable_fp32_cpu_offload llm_int8_threshold low_gpu_mem_usage lr max_input_length meta "
        "min_kv_scale minmax_lr model_seqlen module_name_preceding_first_block modules_to_fuse mse nblocks "
        "nsamples observer observer_cls observer_kwargs offload_meta offload_to_disk optimize out_scales "
        "output_activations pack_dtype packing_format pad_token_id producer quant_backend quant_mode "
        "quantization_mode quantization_status quantization_version quantizer rms_norm_eps round_method "
        "scale_calculation_mode scale_dtype scale_fmt scale_format scale_type seed seqlen sparsity_structure "
        "static_groups store_master_weights strategy super_group_size supported_types symmetric "
        "symmetric_type tokenizer transform_seed true_sequential tune_metadata umap_path uri use_cuda_fp16 "
        "use_exllama use_fast version view_as_float weight_format zp_dtype"
    ).split()
)
"""Keys that change no byte and no FLOP: how the checkpoint was made, and which kernels run it."""
_COSTS = re.compile(
    r"bit|dynamic|dtype|format|quant|lm_head|embed|rank|lora|spars|outlier|expert|vector|codebook|centroid|kv_|cache|group|prun",
)


class Section:
    """An object of a statement.

    Parameters
    ----------
    given : mapping
        Its fields.
    path : str
        Where it stands, for messages.
    """

    def __init__(self, given: Mapping[str, Any], path: str = "") -> None:
        if not isinstance(given, dict):
            raise TypeError(f"{path or 'it'} must be an object (got {shown(given)})")
        self._given, self._path = given, path
        self._read: set[str] = set()
        self._parts: list[Section] = []

    def __contains__(self, key: str) -> bool:
        return self._given.get(key) is not None

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - JSON
        self._read.add(key)
        return self._given[key]

    def get(self, *keys: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Value of the first of several keys that is set."""
        self._read.update(keys)
        return next((value for key in keys if (value := self._given.get(key)) is not None), default)

    def part(self, *keys: str) -> Section | None:
        """Object under the first of several keys that is set; None where there is none, or it is empty."""
        self._read.update(keys)
        key = next((key for key in keys if self._given.get(key)), None)
        return None if key is None else self._of(key)

    def parts(self, *keys: str) -> dict[str, Section]:
        """Objects of an object, by their names."""
        whole = self.part(*keys)
        return {} if whole is None else whole.objects()

    def keys(self) -> list[str]:
        """Its keys; each is read then."""
        self._read.update(self._given)
        return [str(key) for key in self._given]

    def dotted(self) -> list[str]:
        """Its keys that are names of modules."""
        return [key for key in self._given if "." in key]

    def objects(self) -> dict[str, Section]:
        """Its objects, by their keys."""
        return {key: self._of(key) for key, value in self._given.items() if isinstance(value, dict)}

    def _of(self, key: str) -> Section:
        self._read.add(key)
        found = Section(self._given[key], f"{self._path}.{key}" if self._path else key)
        self._parts.append(found)
        return found

    def texts(self, *keys: str) -> list[str]:
        """Texts of the lists under several keys."""
        self._read.update(keys)
        lists = [self._given.get(key) or () for key in keys]
        if any(not isinstance(entry, list | tuple) for entry in lists):
            raise ValueError(f"{' and '.join(keys)} must be lists of names")
        return [text for entry in lists for text in entry]

    def unread(self) -> Iterator[tuple[str, Any, bool]]:
        """Path and value of each key that is set and that nobody has read, and whether it looks as if it cost."""
        for part in self._parts:
            yield from part.unread()
        for key, value in self._given.items():
            if key in self._read or value in (None, False, 0, "", [], {}):
                continue
            if key in HARMLESS and not (key == "dynamic" and isinstance(value, dict)):  # bits by module, or a flag
                continue
            path = f"{self._path}.{key}" if self._path else str(key)
            yield path, value, bool(_COSTS.search(str(key).lower()))
