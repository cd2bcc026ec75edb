"""A checkpoint that stores a tensor for each operator under the operator's own name is understood, in every family.

The names are the architecture's own, so that a new one is under this law without being asked for. Whether its authors
spell them so is known of the families whose tensors stand in ``tests/golden/tensors.json``.
"""

from __future__ import annotations

import json

from llm_roofline import models
from llm_roofline.models.checkpoint import StoredTensor, matched
from tests.checkout import REPOSITORY
from tests.golden.counted import MAKE_REFEREE
from tests.laws.subjects import FAMILIES
from tests.over import over
from tests.referee.fields import STAND_INS
from tests.referee.missing import MISSING

TENSORS = json.loads((REPOSITORY / "tests/golden/tensors.json").read_text(encoding="utf-8"))
NAMED_OTHERWISE = {"dit", "nemotron-nas"}  # Transformers has no class of them, or none that the referee builds
OUTER = {"encoder": "encoder", "vision": "vision_tower"}
WITHIN = {  # blocks that are no layers, but stand in these
    "cross attention": "decoder.layers.{}",
    "deepstack": "vision_tower.deepstack_merger_list.{}",
}


def written(stack, outer):
    """A tensor at 16 bit for each operator of each layer, named by its place and the operator."""
    following = 0
    for block in stack.blocks:
        first, within = 0, WITHIN.get(block.name, f"{outer}.{block.name}")
        if block.is_numbered:
            first, within = following, f"{outer}.layers.{{}}"
            following += block.layers
        places = (block.places or range(first, first + block.layers)) if "{}" in within else (0,)
        for operator in block.operators:
            if size := sum(operator.parameters.values()):
                for place in places:
                    yield StoredTensor(f"{within.format(place)}.{operator.name}.weight", "BF16", (size,), 2 * size)


def parameters_at_16_bit(stack):
    sizes = {(block.name, op.name): block.layers * sum(op.parameters.values()) for block, op in stack.operators()}
    return {name: 2 * size for name, size in sizes.items() if size}


@over("model", FAMILIES)
def test_every_operator_is_given_back_what_is_stored_under_its_name(model):
    own = "decoder" if model.encoder else "model"
    found = matched(model, [tensor for s in model.stacks for tensor in written(s, OUTER.get(s.name, own))])
    assert found.unmatched == {}
    for stack in model.stacks:
        stored = found if stack is model else found.towers[stack.name]
        assert stored.by_operator == parameters_at_16_bit(stack)
        assert stored.missing == ()


def test_every_family_has_its_tensors_in_the_golden_table_or_is_named_otherwise_for_a_reason():
    every = {models[name].family for name in models.names()}
    otherwise = NAMED_OTHERWISE | {models[name].family for name in MISSING} | STAND_INS.keys()
    without = every - {models[name].family for name in TENSORS}
    lacking = ", ".join(without - otherwise)
    assert not lacking, f"tests/golden/tensors.json lacks {lacking}: {MAKE_REFEREE}."
    assert without == otherwise
