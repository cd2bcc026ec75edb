"""One change of a board in a real kernel that has the machine to itself: what a browser takes of it is left out.

The messages are those of a press of an arrow key; a client sends them as JupyterLab would.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from llm_viewer_widgets.controls.count_slider import stops
from tests.bench._board import CHANGES, QUIET, ROUNDS, START, WARM_UP, worked
from tests.bench._line import Line

BATCHES = (*stops(32), *reversed(stops(32)))
BATCHER, SLIDER = "v.message_batcher", "v.controls.by_name['batch_size']"


def line() -> Line:
    """The line of the report."""
    wall, processor, broken = zip(*(sample for _ in range(ROUNDS) for sample in _changes()), strict=True)
    return Line("kernel, one change, no browser beside it", list(wall), "ms", "≤ 3 ms", worked(processor, broken))


def _changes() -> list[tuple[float, ...]]:
    """Time [ms], processor time [ms] and interruptions of each change in a new kernel."""
    with _kernel() as client:
        _say(client, START.replace("{boards}", "1"))
        batcher, slider = (_say(client, f"print({widget}.comm.comm_id)") for widget in (BATCHER, SLIDER))
        _tell(client, batcher, {"method": "custom", "content": {"ready": True}})
        for turn in range(WARM_UP + CHANGES):
            batch = BATCHES[turn % len(BATCHES)]
            _tell(client, slider, {"method": "update", "state": {"value": batch}, "buffer_paths": []})
            time.sleep(QUIET / 1e3)
        told = [_say(client, f"print(*{samples})").split() for samples in ("_spent", "_worked", "_broken")]
    return [tuple(map(float, sample)) for sample in zip(*told, strict=True)][WARM_UP:]


@contextmanager
def _kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _say(client: BlockingKernelClient, code: str) -> str:
    """Run code; what it prints."""
    printed: list[str] = []
    client.execute_interactive(
        code, output_hook=lambda message: printed.append(message["content"].get("text", "")), timeout=60
    )
    return "".join(printed).strip()


def _tell(client: BlockingKernelClient, comm: str, data: dict[str, Any]) -> None:
    """Send a message of a widget and wait until the kernel is done with it."""
    message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
    client.shell_channel.send(message)
    while True:
        answer = client.get_iopub_msg(timeout=60)
        mine = answer["parent_header"].get("msg_id") == message["header"]["msg_id"]
        if mine and answer["content"].get("execution_state") == "idle":
            return
