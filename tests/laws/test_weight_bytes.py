"""One estimate never contradicts itself: memory holds what a step reads, whatever a checkpoint stores."""

from __future__ import annotations

import random

from llm_roofline import Scenario, evaluate
from llm_roofline.models.checkpoint import StoredTensor, matched
from llm_roofline.roofline import element_sizes
from tests.laws.subjects import H100, every_family
from tests.models.checkpoint.test_every_architecture import OUTER, written

WIDTHS = {"F32": 4, "BF16": 2, "F8_E4M3": 1}  # byte


def some(model, seed):
    """Some of the tensors of a model, each in a format of its own."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    own = "decoder" if model.encoder else "model"
    for stack in model.stacks:
        for tensor in written(stack, OUTER.get(getattr(stack, "name", ""), own)):
            if dice.random() < 0.7:
                dtype = dice.choice(tuple(WIDTHS))
                yield StoredTensor(tensor.name, dtype, tensor.shape, WIDTHS[dtype] * tensor.shape[0])


def read(phase):
    """Bytes of weights that a pass reads, by block and operator."""
    table = phase.operators
    names = (name.removesuffix(f" ({block})") for name, block in zip(table.name, table.block, strict=True))
    return dict(zip(zip(table.block, names, strict=True), table.traffic("weight_bytes"), strict=True))


@every_family
def test_memory_holds_of_every_operator_what_a_step_reads_of_it(model):
    """By how much the stored bytes change what a pass reads, memory changes of the operator too."""
    partly = model.with_stored(matched(model, some(model, len(model.name))))
    before, after = evaluate(Scenario(model, H100)), evaluate(Scenario(partly, H100))
    expected = 0.0
    for name in ("decode", "encoder", "vision"):
        run = getattr(after.plan, name)
        if not run:
            continue
        size = element_sizes(run.stack, run.precision, run.conventions, run.sparsity)
        first, second = read(getattr(before, name)), read(getattr(after, name))
        for block, operator in run.stack.operators():
            nominal = block.layers * sum(
                n * size(block.name, operator, kind) for kind, n in operator.parameters.items()
            )
            usual = first.get((block.name, operator.name))
            expected += nominal * (second[block.name, operator.name] / usual if usual else 1.0)
    assert abs(after.memory.weight_bytes / expected - 1) < 1e-9
    assert any("does not say what" in note for note in after.notes)
