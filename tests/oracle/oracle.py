"""An oracle: the cost of a small decoder by counting, one layer, token, head and key after the other.

Slow, obvious, and written from the papers: Llama's layer (arXiv 2302.13971), shared KV heads (arXiv 2305.13245), a
sliding window (arXiv 2310.06825), norms of queries and keys (arXiv 2505.09388), FlashAttention (arXiv 2205.14135), the
roofline (doi 10.1145/1498765.1498785). It imports nothing of the project, so that agreement means something.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MULTIPLY_ADD = 2
SOFTMAX, RMS_NORM, ADD, SILU_GATE, ROPE = 5, 4, 1, 5, 3  # FLOP an element


@dataclass(frozen=True)
class Decoder:
    """Plain dimensions [1]; a window of None sees everything."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    ffn: int
    vocabulary: int
    window: int | None = None
    qk_norm: bool = False
    tied: bool = False


@dataclass(frozen=True)
class Machine:
    """Peaks [FLOP/s], bandwidth [byte/s], and bytes of a stored element by kind [byte]."""

    matrix: float
    vector: float
    bandwidth: float
    size: dict[str, float]


@dataclass
class Cost:
    """What an operator costs, summed over all layers."""

    matrix: int = 0
    vector: int = 0
    bytes: Counter = field(default_factory=Counter)
    runs: list = field(default_factory=list)  # time of each run [s]
    result: list = field(default_factory=list)  # bytes of the result of each run [byte]


class Run:
    """One forward pass over new tokens of some sequences, the last of which sees ``context`` keys."""

    def __init__(
        self, model: Decoder, machine: Machine, batch: int, query: int, context: int, *, fused: bool, prompt: bool
    ) -> None:
        self.model, self.machine, self.fused = model, machine, fused
        self.sequences = range(batch)
        self.positions = range(context - query, context)
        self.tokens = [(s, p) for s in self.sequences for p in self.positions]
        self.asked = [(s, p) for s, p in self.tokens if not prompt or p == context - 1]
        self.costs: dict[str, Cost] = {}
        self.live: dict[tuple, float] = {}
        self.peak_live = 0.0
        self._forward()

    def time(self) -> float:
        """Time of the pass: one operator after the other [s]."""
        return sum(sum(cost.runs) for cost in self.costs.values())

    def _forward(self) -> None:
        m = self.model
        self._embedding()
        stream = ("embed_tokens", 0)
        for layer in range(m.layers):
            stream = self._layer(layer, stream)
        self._norm("norm", 0, m.hidden, [stream], into="wide", drop=[stream])
        self._head()

    def _layer(self, n: int, stream: tuple) -> tuple:
        m = self.model
        width, kv_width = m.heads * m.head_size, m.kv_heads * m.head_size
        self._norm("input_layernorm", n, m.hidden, [stream], into="activations")
        normed = ("input_layernorm", n)
        self._linear("q_proj", n, m.hidden, width)
        self._linear("k_proj", n, m.hidden, kv_width)
        self._linear("v_proj", n, m.hidden, kv_width, cached=True, drop=[normed])
        query, key = ("q_proj", n), ("k_proj", n)
        if m.qk_norm:
            self._norm("q_norm", n, width, [query], weights=m.head_size, into="wide", drop=[query])
            self._norm("k_norm", n, kv_width, [key], weights=m.head_size, into="wide", drop=[key])
            query, key = ("q_norm", n), ("k_norm", n)
        self._rope(n, [query, key])
        self._attention(n)
        self._linear("o_proj", n, width, m.hidden, drop=[("attention", n)])
        self._add("attn_add", n, [stream, ("o_proj", n)])
        self._norm("post_attention_layernorm", n, m.hidden, [("attn_add", n)], into="activations")
        self._linear("gate_proj", n, m.hidden, m.ffn)
        self._linear("up_proj", n, m.hidden, m.ffn, drop=[("post_attention_layernorm", n)])
        self._gate(n)
        self._linear("down_proj", n, m.ffn, m.hidden, drop=[("act_fn", n)])
        self._add("mlp_add", n, [("attn_add", n), ("down_proj", n)])
        return ("mlp_add", n)

    def _embedding(self) -> None:
        cost, moved = Cost(), Counter()
        for _ in self.tokens:
            for _ in range(self.model.hidden):
                moved["weight", "head"] += 1
                moved["out", "wide"] += 1
        self._done("embed_tokens", 0, cost, moved)

    def _linear(
        self, name: str, n: int, inputs: int, outputs: int, *, cached: bool = False, drop: tuple | list = ()
    ) -> None:
        cost, moved = Cost(), Counter()
        for _ in range(inputs):
            for _ in range(outputs):
                moved["weight", "weights"] += 1
        for _ in self.tokens:
            moved["in", "activations"] += inputs
            for _ in range(outputs):
                cost.matrix += MULTIPLY_ADD * inputs
                moved[("kv write", "kv_cache") if cached else ("out", "wide")] += 1
        self._done(name, n, cost, moved, drop)

    def _norm(
        self,
        name: str,
        n: int,
        width: int,
        sources: list,
        *,
        weights: int = 0,
        into: str = "",
        drop=(),
    ) -> None:
        assert sources
        cost, moved = Cost(), Counter()
        moved["weight", "wide"] += weights or width
        for _ in self.tokens:
            for _ in range(width):
                cost.vector += RMS_NORM
                moved["in", "wide"] += 1
                moved["out", into] += 1
        self._done(name, n, cost, moved, drop)

    def _rope(self, n: int, sources: list) -> None:
        """Query and key are read; the query is written, and the rotated key goes into the cache."""
        cost, moved = Cost(), Counter()
        for _ in self.tokens:
            for _ in range(self.model.heads * self.model.head_size):
                cost.vector += ROPE
                moved["in", "wide"] += 1
                moved["out", "activations"] += 1
            for _ in range(self.model.kv_heads * self.model.head_size):
                cost.vector += ROPE
                moved["in", "wide"] += 1
                moved["kv write", "kv_cache"] += 1
        self._done("rotary_emb", n, cost, moved, sources)

    def visible(self, position: int) -> range:
        """Keys that the query at a position sees: itself and what came before, within the window."""
        first = 0 if self.model.window is None else max(0, position - self.model.window + 1)
        return range(first, position + 1)

    def _attention(self, n: int) -> None:
        m = self.model
        scores, softmax, values = Cost(), Cost(), Cost()
        moved = {"scores": Counter(), "softmax": Counter(), "values": Counter()}
        seen = {key for position in self.positions for key in self.visible(position)}
        for _, position in self.tokens:
            for _ in range(m.heads):
                for _ in self.visible(position):
                    scores.matrix += MULTIPLY_ADD * m.head_size
                    softmax.vector += SOFTMAX
                    values.matrix += MULTIPLY_ADD * m.head_size
                for _ in seen:  # the matrix of scores has a place for every key that is seen at all, masked or not
                    moved["scores"]["out", "wide"] += 1
                    moved["softmax"]["in", "wide"] += 1
                    moved["softmax"]["out", "activations"] += 1
                    moved["values"]["in", "activations"] += 1
                moved["scores"]["in", "activations"] += m.head_size
                moved["values"]["out", "activations"] += m.head_size
        for _ in self.sequences:
            for _ in range(m.kv_heads):
                for _ in seen:  # once for all the queries and heads that share it
                    moved["scores"]["kv read", "kv_cache"] += m.head_size
                    moved["values"]["kv read", "kv_cache"] += m.head_size
        query = [("rotary_emb", n)]
        if self.fused:
            both = Cost(scores.matrix + values.matrix, softmax.vector)
            on_chip = {("out", "wide"), ("in", "activations")}
            kept = Counter({k: v for k, v in moved["scores"].items() if k != ("out", "wide")})
            kept += Counter({k: v for k, v in moved["values"].items() if k not in on_chip})
            self._done("attention", n, both, kept, query)
        else:
            self._done("qk_matmul", n, scores, moved["scores"], query)
            self._done("softmax", n, softmax, moved["softmax"], [("qk_matmul", n)])
            self._done("attention", n, values, moved["values"], [("softmax", n)])

    def _add(self, name: str, n: int, sources: list) -> None:
        cost, moved = Cost(), Counter()
        for _ in self.tokens:
            for _ in range(self.model.hidden):
                cost.vector += ADD
                moved["in", "wide"] += 2
                moved["out", "wide"] += 1
        self._done(name, n, cost, moved, sources)

    def _gate(self, n: int) -> None:
        cost, moved = Cost(), Counter()
        for _ in self.tokens:
            for _ in range(self.model.ffn):
                cost.vector += SILU_GATE
                moved["in", "wide"] += 2
                moved["out", "activations"] += 1
        self._done("act_fn", n, cost, moved, [("gate_proj", n), ("up_proj", n)])

    def _head(self) -> None:
        """Logits of the last position of a prompt, and of every position of other passes."""
        m, cost, moved = self.model, Cost(), Counter()
        for _ in range(m.hidden):
            for _ in range(m.vocabulary):
                moved["weight", "head"] += 1
        for _ in self.asked:
            moved["in", "wide"] += m.hidden
            for _ in range(m.vocabulary):
                cost.matrix += MULTIPLY_ADD * m.hidden
                moved["out", "wide"] += 1
        self._done("lm_head", 0, cost, moved, [("norm", 0)])

    def _done(self, name: str, n: int, cost: Cost, moved: Counter, drop: tuple | list = ()) -> None:
        """Book a run: its bytes, its time, what is alive while it runs; then drop what nobody reads any more."""
        size, total = self.machine.size, self.costs.setdefault(name, Cost())
        sums = Counter()
        for (column, kind), elements in moved.items():
            sums[column] += elements * size[kind]
        total.matrix += cost.matrix
        total.vector += cost.vector
        total.bytes += sums
        peaks = self.machine
        total.runs.append(
            max(cost.matrix / peaks.matrix, cost.vector / peaks.vector, sum(sums.values()) / peaks.bandwidth)
        )
        self.live[name, n] = sums["out"]
        self.peak_live = max(self.peak_live, sum(self.live.values()))
        for result in drop:
            del self.live[result]


def parameters(m: Decoder) -> int:
    """Stored parameters: every matrix and vector, a tied head once [1]."""
    width, kv_width = m.heads * m.head_size, m.kv_heads * m.head_size
    layer = m.hidden * width + 2 * m.hidden * kv_width + width * m.hidden + 3 * m.hidden * m.ffn + 2 * m.hidden
    layer += 2 * m.head_size if m.qk_norm else 0
    tables = 1 if m.tied else 2
    return tables * m.vocabulary * m.hidden + m.layers * layer + m.hidden


def cached_elements(m: Decoder, context: int) -> int:
    """Elements that the cache of one sequence holds [1]."""
    held = 0
    for _ in range(m.layers):
        for position in range(context):
            if m.window is None or position >= context - m.window:
                held += 2 * m.kv_heads * m.head_size
    return held


def generation(
    model: Decoder, machine: Machine, batch: int, prompt: int, output: int, *, fused: bool
) -> tuple[float, list[float]]:
    """Time to the first token, and the time of every step after it [s]."""
    first = Run(model, machine, batch, prompt, prompt, fused=fused, prompt=True).time()
    contexts = range(prompt + 1, prompt + output)
    return first, [Run(model, machine, batch, 1, context, fused=fused, prompt=False).time() for context in contexts]
