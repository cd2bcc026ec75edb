"""The glossary has every word that the code uses, with the same unit and the same number."""

from __future__ import annotations

import re
from dataclasses import fields

from llm_roofline import Conventions, formats, techniques
from llm_roofline.charts.latency import KINDS
from llm_roofline.estimates.quantities import BOUNDS, COLUMNS, MEMORY, PHASE, QUANTITIES, TRAFFIC, UNITS
from llm_roofline.estimates.scenario import FIELDS
from llm_roofline.estimates.shown import PHASES
from llm_roofline.findings.measures import MEASURES
from llm_roofline.findings.pin import KINDS as PINS
from llm_roofline.serving.schedule import Static
from tests.checkout import REPOSITORY

TEXT = (REPOSITORY / "GLOSSARY.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
# Words of the field that every part of the project shares.
NAMES = re.findall(
    r"\w+",
    """
    flops peak_flops_per_s memory_bandwidth weight_bytes activation_read_bytes activation_write_bytes
    kv_read_bytes kv_write_bytes arithmetic_intensity ridge_point attainable_flops_per_s compute_time
    memory_time time bound prefill decode ttft tpot tokens_per_s batch_size prompt_tokens output_tokens
    query_tokens context_tokens kv_cache_bytes layers hidden_size heads kv_heads head_size experts
    experts_per_token
    """,
)


def rows(section: str) -> list[list[str]]:
    """Cells of the tables of a section, without their heads."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


DEFINED = [(cells[0].strip("| `"), cells) for section in SECTIONS for cells in rows(section)]
NAMED = {name for name, _ in DEFINED}


def test_names_of_the_code_are_defined():
    assert {*NAMES, *COLUMNS, *UNITS} - NAMED == set()


def test_quantities_of_claims_are_defined():
    assert {name for measures in MEASURES.values() for name in measures} - {"operators"} - NAMED == set()


def test_kinds_of_pins_are_explained():
    assert [kind for kind in PINS if kind not in SECTIONS["Findings"]] == []


def test_written_numbers_have_the_units_that_the_glossary_says():
    stated = {name: {cells[1] for defined, cells in DEFINED if defined == name} for name in UNITS}
    assert stated == {name: {unit} for name, unit in UNITS.items()}


ELSEWHERE = {"memory_bytes", "peak_flops_per_s", "fits", "largest_batch"}  # under the device, or under memory
WRITTEN = {
    "An operator": {**COLUMNS, **TRAFFIC},
    "Bound": {"memory_bound_share": PHASE["memory_bound_share"], **BOUNDS},
    "A phase and a request": QUANTITIES,
    "Memory": MEMORY,
}


def test_quantities_stand_with_their_units_and_the_words_that_people_read():
    wrong = []
    for section, table in WRITTEN.items():
        for name, entry in table.items():
            if section == "Memory" or name not in ELSEWHERE:
                (cells,) = [cells for cells in rows(section) if cells[0].strip("| `") == name]
                wrong += [name] * ((cells[1], cells[2]) != (entry.unit or "–", entry.title))
    assert wrong == []


def test_every_way_to_serve_is_explained():
    named = [line.split(" | ")[0].strip("| ") for line in SECTIONS["A phase and a request"].splitlines()]
    assert {serving.__name__.lower() for serving in (Static, *_below(Static))} <= set(named)


def _below(cls: type) -> list[type]:
    return [each for child in cls.__subclasses__() for each in (child, *_below(child))]


def test_every_kind_is_explained_in_the_order_of_the_legend():
    assert [cells[0].strip("| `") for cells in rows("Kinds of operators")] == list(KINDS)


def test_every_format_stands_with_its_bits_and_bytes():
    stated = [(c[0].strip("| `"), c[1], int(c[2]), float(c[3])) for c in rows("Formats")]
    assert stated == [(f.name, f.label, f.bits, f.bytes_per_element()) for f in formats.values()]


def test_every_technique_stands_in_its_place_with_its_label():
    stated = {cells[0].strip("| `"): cells[1] for cells in rows("Techniques")}
    for before, technique in zip([None, *techniques], techniques.values(), strict=False):
        place = f"behind that of `{before}`" if before else "first"
        row = f"| `{technique.name}` | {technique.label} | what it does, in a few words | {technique.citation} |"
        assert technique.name in stated, f"GLOSSARY.md, Techniques, {technique.category}, lacks a row, {place}:\n{row}"
        assert stated[technique.name] == technique.label, (
            f"GLOSSARY.md and the class label {technique.name} in two ways"
        )
    assert list(stated) == list(techniques), "rows of techniques stand in the order of techniques.names()"


def test_every_switch_of_the_conventions_is_explained():
    assert [c[0].strip("| `") for c in rows("Conventions")] == [f.name for f in fields(Conventions)]


def test_the_fields_of_a_scenario_and_the_phases_are_words_of_the_glossary():
    assert [name for name in (*FIELDS, *PHASES) if name.split("_")[0] not in TEXT] == []


def test_the_contents_lead_to_every_section():
    anchors = set(re.findall(r"\(#([a-z-]+)\)", TEXT))
    assert {name.lower().replace(" ", "-") for name in SECTIONS} == anchors | {"kinds-of-operators"}
