"""Faults of formulas that no fast test may let pass; each is a text of the core and what stands there instead."""

from __future__ import annotations

from typing import NamedTuple


class Mutation(NamedTuple):
    """A fault of one formula.

    Parameters
    ----------
    breaks : str
        What is wrong with it.
    text : str
        The formula as it stands; it occurs once in all files of the core, wherever its file lies.
    instead : str
        The formula with its fault.
    seen_by : str
        File or folder of the fast tests that see it.
    """

    breaks: str
    text: str
    instead: str
    seen_by: str = "tests/oracle"


MUTATIONS = (
    Mutation(
        "a query does not see itself",
        "step.batch * (query * past + query * (query + 1) / 2)",
        "step.batch * (query * past + query * query / 2)",
    ),
    Mutation(
        "a window is no wider than the prompt before it",
        "growing = np.clip(self.window - past, 0.0, query)",
        "growing = np.clip(self.window, 0.0, query)",
    ),
    Mutation(
        "decode leaves the newest tokens of the cache unread",
        "            return step.context_tokens",
        "            return step.past",
    ),
    Mutation(
        "the head runs at every position of the prompt",
        "return step.batch * np.where(step.prompt, 1.0, step.query_tokens)",
        "return step.batch * step.query_tokens",
    ),
    Mutation(
        "weights have no scales",
        "overhead = self.group_bits / self.group_size if scales and self.group_size else 0.0",
        "overhead = 0.0",
        "tests/formats",
    ),
    Mutation("a byte has four bits", "return (self.bits + overhead) / 8", "return (self.bits + overhead) / 4"),
    Mutation(
        "a step reads all experts, however few tokens it has",
        "self.experts * (1 - np.power(missed, tokens * self.tokens))",
        "self.experts * np.ones_like(tokens)",
        "tests/laws/test_weights_and_cache.py",
    ),
    Mutation(
        "a multiply-add is one FLOP",
        "matrix_flops={self.per: self.copies * (2 * weights + bias * self.width_out)}",
        "matrix_flops={self.per: self.copies * (weights + bias * self.width_out)}",
    ),
    Mutation(
        "every head has keys and values of its own",
        "widths = self.kv_heads * self.head_size, self.kv_heads * self.value_size",
        "widths = self.heads * self.head_size, self.heads * self.value_size",
    ),
    Mutation(
        "the cache keeps no values",
        "self.kv_heads * (self.head_size + self.value_size))}",
        "self.kv_heads * self.head_size)}",
    ),
    Mutation("projections write nothing into the cache", "kv_write={self.per: cached},", "kv_write={},"),
    Mutation(
        "a tied head is stored once more",
        '"head": self.width * self.vocabulary * (not self.tied)',
        '"head": self.width * self.vocabulary',
    ),
    Mutation(
        "an operator's time is the sum of its bounds",
        "times = np.maximum.reduce(lines, axis=0)",
        "times = np.add.reduce(lines, axis=0)",
    ),
    Mutation(
        "a device computes at the slowest format that will do",
        "best = max(able, key=lambda name: peaks[name])",
        "best = min(able, key=lambda name: peaks[name])",
        "tests/devices/test_peak.py",
    ),
    Mutation(
        "the mean decode step is the last",
        "return Stretches([first, last], [half] * 2)",
        "return Stretches([first, last], [0 * half, 2 * half])",
        "tests/laws/test_generation.py",
    ),
    Mutation(
        "the first token does not wait for the encoder",
        "for phase in (self.encoder, self.draft_prefill) if phase",
        "for phase in (self.draft_prefill,) if phase",
        "tests/serving",
    ),
    Mutation(
        "the first output token takes a decode step too",
        "latency = ttft + work.decode_steps * tpot",
        "latency = ttft + work.output_tokens * tpot",
    ),
    Mutation(
        "nothing of the memory is kept for the runtime",
        "USABLE = 0.9",
        "USABLE = 1.0",
        "tests/laws/test_memory.py",
    ),
    Mutation(
        "results of the smaller phase are what must find room",
        "read + written if schedule.mixed else largest(read, written)",
        "read + written if schedule.mixed else np.minimum(read, written)",
    ),
    Mutation(
        "all slots decode beside a chunk, whether their requests have tokens left or not",
        "min(prompts + min(max(left - place, 0.0), 1.0), others) for place",
        "others for place",
        "tests/serving/test_schedules.py",
    ),
    Mutation(
        "a request waits for those that were read before it",
        "stalls = slots - 1 - (group - 1) / 2",
        "stalls = slots - 1",
        "tests/serving/test_schedules.py",
    ),
    Mutation(
        "the last output token needs a place in the context",
        "wanted = first + work.decode_steps",
        "wanted = first + work.output_tokens",
        "tests/models/test_limits.py",
    ),
    Mutation(
        "a scaling of RoPE stretches nothing",
        "yield int(factor * original)",
        "yield original",
        "tests/models/test_limits.py",
    ),
    Mutation(
        "the parts of an answer need room for one",
        "sequence._replace(written=sequence.written * schedule.parts(output - 1))",
        "sequence",
        "tests/techniques/test_batching.py",
    ),
)
