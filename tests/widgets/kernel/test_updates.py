"""How a view brings a widget to new values: what differs is sent, in one message, and what stands is left out."""

import numpy as np
import pytest
from bqplot import Label, LinearScale, Scatter
from ipywidgets import HTML
from traitlets import TraitError

from llm_viewer_widgets.kernel.updates import floats, show, words


@pytest.fixture
def points(recorder):
    """Two points, with what they sent at their construction forgotten."""
    mark = Scatter(
        x=floats([1, 2]), y=floats([3, 4]), scales={"x": LinearScale(), "y": LinearScale()}, colors=["#000000"]
    )
    recorder.clear()
    return mark


@pytest.mark.parametrize(
    "values",
    [
        {"x": floats([5, 6])},
        {"x": floats([5, 6]), "y": floats([7, 8])},
        {"x": floats([5]), "y": floats([7])},
        {"x": floats([]), "y": floats([])},
        {"x": floats([5, 6]), "colors": ["#123456"]},
    ],
    ids=str,
)
def test_what_differs_is_held_and_sent_in_one_message(points, recorder, values):
    show(points, **values)
    (message,) = recorder.updates(points)
    assert message.state.keys() == values.keys()
    for name, value in values.items():
        assert np.array_equal(getattr(points, name), value)
    recorder.clear()
    show(points, **values)
    assert recorder.messages == []


def test_what_stands_already_is_left_out_of_the_message(points, recorder):
    show(points, x=floats([1, 2]), y=floats([5, 6]), colors=["#000000"])
    assert [message.state.keys() for message in recorder.updates()] == [{"y"}]


def test_texts_are_replaced_by_longer_and_by_fewer_ones(recorder):
    mark = Label(x=floats([1]), y=floats([1]), text=words(["a"]), scales={"x": LinearScale(), "y": LinearScale()})
    for texts in (["longer"], ["b"], [], ["c", "d"]):
        recorder.clear()
        show(mark, text=words(texts))
        assert [message.state for message in recorder.updates(mark)] == [{"text": texts}]


def test_an_array_of_another_shape_is_checked_by_its_widget(points):
    with pytest.raises((TraitError, ValueError)):
        show(points, x=np.zeros((2, 2, 2)))


def test_a_trait_of_any_kind_is_set_and_announced(recorder):
    text, heard = HTML("old"), []
    text.observe(lambda change: heard.append(change["new"]), "value")
    recorder.clear()
    show(text, value="new")
    show(text, value="new")
    assert heard == ["new"]
    assert len(recorder.messages) == 1
