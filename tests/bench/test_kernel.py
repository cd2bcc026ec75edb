"""Kernel-side cost of an evaluation, of one change of a board, and of a new board; `make bench` times them."""

from itertools import cycle

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, models
from llm_viewer_widgets import LLMViewer

LARGEST = max(models, key=lambda name: models[name].parameters)


@pytest.fixture
def board():
    board = LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=8)
    yield board
    board.close()


@pytest.mark.parametrize("name", ["meta-llama/Llama-3.1-8B", LARGEST])
def test_one_evaluation(benchmark, name):
    scenario = Scenario(models[name], hardware["h100-sxm"], Workload(8, 2048, 256))
    assert benchmark(evaluate, scenario).ttft > 0


@pytest.mark.parametrize("phase", ["prefill", "decode", "generate"])
def test_one_change_of_a_board(benchmark, board, phase):
    board.phase = phase
    batches = cycle(range(9, 200))
    benchmark(lambda: board.update(batch_size=next(batches)))
    assert board.batch_size > 8


def test_a_new_board(benchmark):
    benchmark(lambda: LLMViewer("llama-3.1-8b", "h100-sxm").close())
