"""How a board looks: legible in both themes, nothing overprinted, nothing cut, at 1200 and 700 pixels."""

import pytest

from tests.browser.board import Board

START = {
    "model": "llama-3.1-8b",
    "hardware": "h100-sxm",
    "batch_size": 8,
    "prompt_tokens": 512,
    "output_tokens": 128,
    "weights": "bf16",
    "linear_axes": False,
    "flash_attention": True,
    "selected": None,
}
PHASES = ("prefill", "decode", "generate")
SCENARIOS = {
    **{
        f"{phase}-{'linear' if lin else 'log'}": {"phase": phase, "linear_axes": lin}
        for phase in PHASES
        for lin in (0, 1)
    },
    "selected": {"phase": "generate", "selected": "gate_proj"},
    "small": {"model": "gpt2", "hardware": "m1", "phase": "generate"},
    "old": {"model": "opt-350m", "hardware": "v100-sxm2-16gb", "phase": "decode"},
    "int4": {"model": "llama-3.1-405b", "hardware": "b200-sxm", "weights": "int4", "phase": "generate"},
    "short-prompt": {"phase": "prefill", "batch_size": 1, "prompt_tokens": 16},
    "large-batch": {"phase": "decode", "batch_size": 512},
    "unfused": {"phase": "prefill", "flash_attention": False},
}
TALL = 2200  # px: a chart that is scrolled away takes its new width only when it comes into sight
READABLE = 4.5  # contrast that WCAG 2.2, criterion 1.4.3, asks of text


def scenes(board):
    """Every scenario, drawn one after the other on the same board, so that none profits from a fresh one."""
    for name, changes in SCENARIOS.items():
        fields = {**START, **changes}
        board.update(**fields | {"linear_axes": bool(fields["linear_axes"])})
        yield name


def strange_ticks(board):
    """Texts of the roofline's ticks that are not those of the kernel."""
    wanted = board.get("[list(axis.tick_labels.values()) for axis in v.roofline.axes]")
    return [t for axis, texts in enumerate(wanted) for t, _ in board.measure("ticks", axis) if t not in texts]


@pytest.mark.parametrize(("width", "theme"), [(1200, "Light"), (700, "Dark")])
def test_everything_is_legible_and_nothing_is_overprinted_or_cut(lab, width, theme):
    board = Board.open(lab)
    board.set_width(width)
    lab.set_theme(f"JupyterLab {theme}")
    flaws = {}
    for name in scenes(board):
        for flaw in ("overprinted", "cut", "astray", "wide", "orange"):
            flaws[name, flaw] = board.measure(flaw)
        flaws[name, "ticks"] = strange_ticks(board)
        flaws[name, "faint"] = board.measure("faint", READABLE)
    other = "Dark" if theme == "Light" else "Light"
    lab.set_theme(f"JupyterLab {other}")
    board.update(**START | SCENARIOS["selected"])
    flaws["selected", other] = board.measure("orange") + board.measure("faint", READABLE)
    assert not any(flaws.values()), "\n".join(f"{where}: {what}" for where, what in flaws.items() if what)


def test_bars_keep_their_order_whatever_was_shown_before(lab):
    board = Board.open(lab)
    for before in ("prefill", "decode"):
        board.update(phase=before)
        board.update(phase="generate")
        places = board.find(".llmv-latency .axis .tick text").evaluate_all(
            "texts => texts.filter(t => /prefill|decode/.test(t.textContent))"
            ".sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(t => t.textContent)"
        )
        assert places == ["prefill", "decode"], f"after {before}"
