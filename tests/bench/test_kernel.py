"""Kernel-side cost of an evaluation, of one change of a board, and of a new board; `make bench` times them.

A recording comm stands for the browser, so that what is sent is written out as it would be.
"""

from itertools import cycle

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, models
from llm_viewer_widgets import LLMViewer
from tests.widgets.recording import browser_sends

LARGEST = max(models, key=lambda name: models[name].parameters)


@pytest.fixture
def board(recorder):  # noqa: ARG001 - the board speaks to it
    """A board whose browser delivers batches of messages."""
    board = LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=8)
    browser_sends(board.message_batcher, ready=True)
    yield board
    board.close()


@pytest.mark.parametrize("name", ["meta-llama/Llama-3.1-8B", LARGEST])
def test_one_evaluation(benchmark, name):
    scenario = Scenario(models[name], hardware["h100-sxm"], Workload(8, 2048, 256))
    assert benchmark(evaluate, scenario).ttft > 0


@pytest.mark.parametrize("phase", ["prefill", "decode", "generate"])
def test_one_change_of_the_batch(benchmark, board, recorder, phase):
    board.phase = phase
    batches = cycle(range(9, 200))

    def change():
        recorder.clear()
        board.batch_size = next(batches)

    benchmark(change)
    assert len(recorder.messages) == 1


def test_one_change_of_the_prompt(benchmark, board):
    prompts = cycle(range(1000, 1100))
    benchmark(lambda: board.update(prompt_tokens=next(prompts)))
    assert board.estimate.scenario.workload.prompt_tokens >= 1000


def test_one_change_of_the_phase(benchmark, board):
    phases = cycle(["prefill", "decode", "generate"])
    benchmark(lambda: board.update(phase=next(phases)))
    assert board.phase in {"prefill", "decode", "generate"}


def test_a_new_board(benchmark, recorder):
    def make():
        recorder.clear()
        LLMViewer("llama-3.1-8b", "h100-sxm").close()

    benchmark(make)
    assert recorder.messages
