"""Files of the command: numbers to the last bit, whole or absent, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json

import pytest

from llm_roofline import Precision, Scenario, Workload, evaluate, hardware, load_model, models
from llm_roofline.basics.errors import RooflineError
from llm_roofline.estimates import export
from llm_roofline.estimates.export import to_dict, write_csv, write_json
from llm_roofline.estimates.quantities import COLUMNS, QUANTITIES, TRAFFIC, UNITS
from llm_roofline.estimates.spreadsheet import inert_cell

pytestmark = pytest.mark.slow  # seconds together; the fast run has what the command checks and refuses

ASKED = ("meta-llama/Llama-3.1-8B", "h100-sxm", "--batch-size", "3", "--prompt-tokens", "777", "--kv-cache", "fp8")
SMALL = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "intermediate_size": 128,
    "vocab_size": 100,
}


@pytest.fixture(scope="module")
def estimate():
    return evaluate(Scenario(models[ASKED[0]], hardware[ASKED[1]], Workload(3, 777), Precision(kv_cache="fp8")))


@pytest.fixture
def files(llm_viewer, tmp_path):
    ran = llm_viewer(*ASKED, "--csv", tmp_path / "new" / "folder", "--json", tmp_path / "all.json")
    assert (ran.code, ran.err) == (0, "")
    return tmp_path


def read(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def headed(name):
    return f"{name} [{UNITS[name]}]" if name in UNITS else name


def of_table(table, name):
    return table.traffic(name) if name in TRAFFIC else getattr(table, name)


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_columns_of_csv_read_back_bit_for_bit(files, estimate, phase):
    rows, table = read(files / "new" / "folder" / f"{phase}.csv"), getattr(estimate, phase).operators
    for column in (*COLUMNS, *TRAFFIC):
        written = [row[headed(column)] for row in rows]
        assert [float(cell) if column in UNITS else cell for cell in written] == list(of_table(table, column)), column


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_columns_of_json_read_back_bit_for_bit(files, estimate, phase):
    written, table = (
        json.loads((files / "all.json").read_text())[phase]["operators"],
        getattr(estimate, phase).operators,
    )
    assert written == {name: list(of_table(table, name)) for name in (*COLUMNS, *TRAFFIC)}


def test_totals_and_memory_read_back_bit_for_bit(files, estimate):
    (totals,), (memory,) = (read(files / "new" / "folder" / f"{name}.csv") for name in ("totals", "memory"))
    assert float(totals["tpot [s]"]) == estimate.tpot
    assert float(totals["ttft [s]"]) == estimate.ttft
    assert float(totals["tokens_per_s [1/s]"]) == estimate.tokens_per_s
    assert float(memory["total_bytes [byte]"]) == estimate.memory.total_bytes
    data = json.loads((files / "all.json").read_text())
    assert data["totals"] == {name: entry.of(estimate) for name, entry in QUANTITIES.items()}
    assert data["memory"]["kv_cache_bytes"] == estimate.memory.kv_cache_bytes
    assert data["prefill"]["time"] == estimate.prefill.time


def test_a_row_of_totals_says_what_was_asked(files):
    for name in ("totals", "memory"):
        (row,) = read(files / "new" / "folder" / f"{name}.csv")
        assert (row["model"], row["hardware"], row["batch_size [1]"], row["kv_cache"]) == (*ASKED[:2], "3", "fp8")


def test_the_scenario_in_the_json_makes_the_same_estimate(files, estimate):
    data = json.loads((files / "all.json").read_text())
    assert to_dict(evaluate(Scenario.from_json(data["scenario"]))) == to_dict(estimate) == data


def test_every_number_that_is_written_has_a_unit(estimate):
    data = to_dict(estimate)
    tables = [data[phase].pop("operators") for phase in ("prefill", "decode")]
    single = {**data["prefill"], **data["totals"], **data["memory"]}
    numbers = {name for name, value in single.items() if not isinstance(value, str)}
    numbers |= {name for table in tables for name, values in table.items() if not isinstance(values[0], str)}
    assert numbers <= set(UNITS)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "a\r=", "\xa0\ufeff=", "\uff1d"])
def test_a_strangers_name_is_no_formula(tmp_path, first):
    model = load_model(SMALL, name=f"{first}HYPERLINK(1)")
    write_csv(evaluate(Scenario(model, hardware["h100-sxm"])), tmp_path)
    written = (tmp_path / "totals.csv").read_text(encoding="utf-8").splitlines()
    assert len(written) == 2
    assert written[1][0] in {"'", "a"}
    assert read(tmp_path / "totals.csv")[0]["model"] == inert_cell(f"{first}HYPERLINK(1)")


def test_a_file_of_somebody_elses_stays_as_it_is_unless_forced(tmp_path, estimate):
    (tmp_path / "memory.csv").write_text("mine, all mine\n")
    (tmp_path / "all.json").write_text('{"mine": 1}')
    for write, name in ((write_csv, ""), (write_json, "all.json")):
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        with pytest.raises(RooflineError, match="llm-viewer has not made"):
            write(estimate, tmp_path / name)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
        for _ in range(2):
            write(estimate, tmp_path / name, force=True)
        write(estimate, tmp_path / name)


def test_a_configuration_is_not_written_over_though_forced(llm_viewer, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps(SMALL))
    (tmp_path / "same.json").hardlink_to(config)
    for model in (config, tmp_path):
        for name in ("config.json", "same.json"):
            ran = llm_viewer(model, "h100-sxm", "--json", tmp_path / name, "--force")
            assert ran.code == 2
            assert "this is what is read, and is not written over" in ran.err
    assert json.loads(config.read_text()) == SMALL
    assert llm_viewer(tmp_path, "h100-sxm", "--json", tmp_path / "out.json", "--csv", tmp_path).code == 0
    assert llm_viewer(tmp_path, "h100-sxm", "--json", tmp_path / "out.json", "--csv", tmp_path).code == 0


def test_a_name_that_is_not_unicode_can_be_written(tmp_path):
    estimate = evaluate(Scenario(load_model(SMALL, name="\udcff"), hardware["h100-sxm"]))
    write_csv(estimate, tmp_path)
    write_json(estimate, tmp_path / "all.json")
    assert json.loads((tmp_path / "all.json").read_text())["scenario"]["model"]["name"] == "\udcff"


def test_a_configuration_that_json_cannot_hold_is_refused_with_its_model(tmp_path):
    estimate = evaluate(Scenario(load_model({**SMALL, "rope_theta": float("nan")}, name="odd"), hardware["h100-sxm"]))
    with pytest.raises(RooflineError, match="odd cannot be written as JSON"):
        write_json(estimate, tmp_path / "all.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole(files, estimate):
    write_json(estimate, files / "all.json")
    assert sorted(path.name for path in files.iterdir()) == ["all.json", "new"]
    assert sorted(path.name for path in (files / "new" / "folder").iterdir()) == [
        "decode.csv",
        "memory.csv",
        "prefill.csv",
        "totals.csv",
    ]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, estimate, monkeypatch):
    target = tmp_path / "all.json"
    write_json(estimate, target)
    old = target.read_bytes()

    def full(self, *_, **__):
        self.touch()
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(export.Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        write_json(estimate, target)
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]
    assert target.read_bytes() == old


def test_links_and_folders_are_not_written_over(tmp_path, estimate):
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for name in ("link", ""):
        with pytest.raises(RooflineError, match="not a regular file"):
            write_json(estimate, tmp_path / name)
    assert (tmp_path / "target").read_text() == "kept"
