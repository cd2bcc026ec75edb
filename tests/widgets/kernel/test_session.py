"""The session's traits: what they take, what they refuse, and how others hang on them."""

from pathlib import Path

import ipywidgets
import pytest
from traitlets import HasTraits, Int, TraitError, dlink, link

from llm_roofline import RooflineError, Scenario, hardware, load_model, models
from llm_viewer_widgets import LLMViewer, Session
from tests.over import over
from tests.widgets.lent import open_widgets
from tests.widgets.made_up import TINY

VALID = [
    ("model", "mistral-7b-v0.1", None),
    ("hardware", "a100-sxm-80gb", None),
    ("batch_size", 64, 64),
    ("prompt_tokens", 1, 1),
    ("output_tokens", 1, 1),
    ("weights", "int4", "int4"),
    ("activations", "fp8", "fp8"),
    ("kv_cache", "int1", "int1"),
    ("head", "int8", "int8"),
    ("flash_attention", False, False),
    ("phase", "prefill", "prefill"),
    ("phase", "generate", "generate"),
    ("selected", "lm_head", "lm_head"),
    ("linear_axes", True, True),
]
REFUSED = [
    ("model", "lama-3.1-8b", "Unknown model 'lama-3.1-8b'. Did you mean"),
    ("model", "no/such/config.json", "no/such/config.json"),
    ("model", {"model_type": "llama"}, "hidden_size"),
    ("model", 8, "model"),
    ("hardware", "H100", "Unknown hardware 'H100'. Did you mean 'h100-"),
    ("hardware", None, "Unknown hardware None"),
    ("batch_size", 0, "'batch_size' must be a whole number from 1 to"),
    ("batch_size", 2.5, "(got 2.5)"),
    ("batch_size", True, "(got True)"),
    ("prompt_tokens", -3, "'prompt_tokens' must be a whole number"),
    ("prompt_tokens", 200_000, "exceeds the 131,072 of meta-llama/Llama-3.1-8B"),
    ("output_tokens", "many", "(got 'many')"),
    ("weights", "bf17", "Unknown format of weights 'bf17'. Did you mean 'bf16'"),
    ("activations", 16, "Unknown format of activations 16"),
    ("kv_cache", "2-bit", "Accepted are fp32, bf16"),
    ("head", None, "Unknown format of head None"),
    ("flash_attention", "yes", "'flash_attention' must be True or False (got 'yes')"),
    ("techniques", ["flash"], "flash"),
    ("conventions", "papr", "Accepted are 'standard' and 'paper'"),
    ("phase", "training", "Unknown phase 'training'. Accepted are prefill, decode, generate"),
    ("phase", "decod", "Did you mean 'decode'?"),
    ("selected", "qproj", "q_proj"),
    ("linear_axes", 1, "'linear_axes' must be True or False (got 1)"),
    ("scenario", "llama", "'scenario' must be a Scenario (got str)"),
]


@pytest.fixture(params=[Session, LLMViewer])
def session(request):
    """A session without a picture, and a board: one law for both."""
    return request.getfixturevalue("board") if request.param is LLMViewer else Session()


@over("case", {f"{name} {value!r}": (name, value, reads) for name, value, reads in VALID})
def test_a_trait_takes_a_valid_value_and_reads_it_back(session, case):
    name, value, reads = case
    setattr(session, name, value)
    expected = {"model": models, "hardware": hardware}[name][value].name if reads is None else reads
    assert getattr(session, name) == expected
    assert getattr(Session(**{name: value}), name) == expected


refused = over("case", {f"{name} {value!r}": (name, value, sentence) for name, value, sentence in REFUSED})


@refused
def test_a_refused_value_raises_its_sentence_and_changes_nothing(session, case):
    name, value, sentence = case
    session.update(batch_size=2, phase="prefill", selected="o_proj")
    before, values = session.state, dict(session.values)
    session.observe(lambda _: pytest.fail("told of a change"))
    with pytest.raises(RooflineError) as caught:
        setattr(session, name, value)
    assert sentence in str(caught.value)
    assert session.state is before
    assert session.values == values


@refused
def test_a_refused_value_is_refused_at_the_construction_too(case):
    name, value, sentence = case
    with pytest.raises(RooflineError) as caught:
        LLMViewer(**{name: value})
    assert sentence in str(caught.value)


def test_a_refused_field_among_valid_ones_changes_none_of_them(session):
    before = session.state
    with pytest.raises(RooflineError, match="batch_size"):
        session.update(prompt_tokens=10, batch_size=0)
    assert session.state is before


def test_a_construction_that_is_refused_leaves_no_widget():
    before = open_widgets()
    for keywords in ({"model": "nobody"}, {"batch_size": 0}, {"batchsize": 1}, {"hardware": "nothing"}):
        with pytest.raises(RooflineError):
            LLMViewer(**keywords)
    assert open_widgets() == before


@pytest.mark.parametrize(
    ("keyword", "nearest"),
    [("batchsize", "batch_size"), ("promt_tokens", "prompt_tokens"), ("layers", ""), ("layout", "")],
)
def test_an_unknown_keyword_is_refused_with_the_nearest_name(session, keyword, nearest):
    for call in (LLMViewer, session.update):
        with pytest.raises(RooflineError, match=f"Unknown field '{keyword}'.*{nearest}.*Accepted are model"):
            call(**{keyword: 3})


def test_keywords_of_the_construction_are_the_values_of_the_traits():
    v = LLMViewer(
        "qwen3-8b", "h200-sxm", batch_size=4, weights="fp8", phase="generate", selected="lm_head", linear_axes=True
    )
    assert (v.model, v.hardware, v.batch_size) == (models["qwen3-8b"].name, hardware["h200-sxm"].name, 4)
    assert (v.weights, v.phase, v.selected, v.linear_axes) == ("fp8", "generate", "lm_head", True)


def test_a_scenario_may_be_given_whole():
    scenario = Scenario(models["qwen3-8b"], hardware["h100-sxm"])
    v = LLMViewer(scenario=scenario, batch_size=3)
    assert v.scenario == scenario.update(batch_size=3)
    v.scenario = scenario
    assert v.scenario is scenario
    assert v.batch_size == 1


def test_estimate_and_status_cannot_be_set(session):
    for name in ("estimate", "status"):
        with pytest.raises(TraitError, match=f"'{name}' follows from the scenario"):
            setattr(session, name, "mine")


def test_observers_hear_what_changed_and_nothing_else(session):
    heard = []
    session.observe(lambda change: heard.append((change["name"], change["old"], change["new"])))
    session.update(batch_size=8, phase="prefill")
    told = {name: (old, new) for name, old, new in heard}
    assert told.keys() == {"batch_size", "phase", "scenario", "estimate"}
    assert len(heard) == 4
    assert told["batch_size"] == (1, 8)
    assert told["phase"] == ("decode", "prefill")
    assert told["estimate"][1] is session.estimate


def test_an_observer_sees_the_whole_new_state(session):
    seen = []
    session.observe(
        lambda _: seen.append((session.batch_size, session.estimate.scenario.workload.batch_size)), "batch_size"
    )
    session.batch_size = 16
    assert seen == [(16, 16)]


def test_an_observer_may_change_the_session_again(session):
    session.observe(lambda change: session.update(prompt_tokens=100 * change["new"]), "batch_size")
    session.batch_size = 4
    assert (session.batch_size, session.prompt_tokens, session.scenario.workload.prompt_tokens) == (4, 400, 400)


def test_link_moves_both_ways_and_dlink_one(session):
    slider, follower = ipywidgets.IntSlider(min=1, max=100), ipywidgets.IntText()
    link((slider, "value"), (session, "batch_size"))
    dlink((session, "batch_size"), (follower, "value"))
    slider.value = 32
    assert (session.batch_size, follower.value) == (32, 32)
    session.batch_size = 5
    assert (slider.value, follower.value) == (5, 5)
    follower.value = 9
    assert session.batch_size == 5


def test_two_boards_linked_move_together(board):
    one, two = board, LLMViewer(hardware="a100-sxm-80gb")
    link((one, "batch_size"), (two, "batch_size"))
    link((one, "selected"), (two, "selected"))
    one.update(batch_size=12, selected="q_proj")
    assert (two.batch_size, two.selected) == (12, "q_proj")
    two.update(batch_size=3, selected=None)
    assert (one.batch_size, one.selected) == (3, None)


def test_a_trait_of_ones_own_object_may_be_linked():
    class Own(HasTraits):
        batch = Int(2)

    own, session = Own(), Session()
    link((own, "batch"), (session, "batch_size"))
    assert session.batch_size == 2
    session.batch_size = 6
    assert own.batch == 6


def test_held_notifications_come_at_the_end(session):
    heard = []
    session.observe(lambda change: heard.append(change["name"]), ["batch_size", "phase"])
    with session.hold_trait_notifications():
        session.batch_size = 8
        session.phase = "prefill"
        assert heard == []
        assert session.estimate.scenario.workload.batch_size == 8
    assert sorted(heard) == ["batch_size", "phase"]


def test_set_trait_and_has_trait_know_the_controls(session):
    session.set_trait("batch_size", 5)
    assert session.batch_size == 5
    assert all(session.has_trait(name) for name in ("model", "hardware", "kv_cache", "selected", "estimate"))


def test_a_session_without_a_picture_makes_no_widget():
    before, session = open_widgets(), Session(batch_size=2)
    session.batch_size = 3
    assert session.estimate.scenario.workload.batch_size == 3
    assert open_widgets() == before


@pytest.mark.parametrize("form", ["dict", "path", "folder", "text", "model"])
def test_a_model_of_ones_own_can_be_chosen_again_by_its_name(session, tmp_path, form):
    import json  # noqa: PLC0415 - here alone

    path = tmp_path / "mine" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(TINY), encoding="utf-8")
    given = {
        "dict": TINY,
        "path": path,
        "folder": Path(path.parent),
        "text": str(path),
        "model": load_model(TINY, "mine"),
    }
    session.model = given[form]
    name, mine = session.model, session.scenario.model
    session.model = "llama-3.1-8b"
    session.model = name
    assert session.scenario.model is mine


def test_a_what_if_device_can_be_chosen_again_by_its_name(session):
    fast = hardware["h100-sxm"].with_(memory_bandwidth=9e12)
    session.hardware = fast
    assert session.hardware == fast.name
    session.hardware = "a100-sxm-80gb"
    session.hardware = fast.name
    assert session.scenario.hardware is fast


def test_the_workload_stays_when_the_model_changes_unless_it_does_not_fit(session):
    session.update(prompt_tokens=100_000, batch_size=4)
    with pytest.raises(RooflineError, match="exceeds"):
        session.model = "gpt2"
    assert session.model == "meta-llama/Llama-3.1-8B"
    session.update(model="gpt2", prompt_tokens=512)
    assert (session.batch_size, session.prompt_tokens) == (4, 512)
