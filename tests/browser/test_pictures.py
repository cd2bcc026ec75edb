"""The pictures of the readme: made by a real board, and there.

``LLM_VIEWER_PICTURES=1`` writes them to docs/; a plain run makes them in a temporary folder and changes nothing.
"""

import base64
import os
import struct

import pytest

from tests.browser.board import Board
from tests.browser.server import REPOSITORY

DOCS = REPOSITORY / "docs"
WIDTH = 1200
BRIGHTNESS = """async (picture) => {
  const bytes = await (await fetch(`data:image/png;base64,${picture}`)).blob();
  const image = await createImageBitmap(bytes);
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const colours = new Set();
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum += data[i] + data[i + 1] + data[i + 2];
    colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return [(sum / data.length) * (4 / 3), colours.size];
}"""


def size(picture):
    """Width and height that a PNG's header tells [px]."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def test_the_board_has_its_picture_in_both_themes(lab, tmp_path):
    board = Board.open(lab, "'llama-3.1-8b', 'h100-sxm', batch_size=8, phase='generate'")
    board.set_width(WIDTH)
    folder = DOCS if os.environ.get("LLM_VIEWER_PICTURES") else tmp_path
    pictures = {}
    for theme in ("Light", "Dark"):
        lab.set_theme(f"JupyterLab {theme}")
        pictures[theme] = lab.screenshot(board.root, folder / f"board-{theme.lower()}.png")
    measured = {t: lab.page.evaluate(BRIGHTNESS, base64.b64encode(p).decode()) for t, p in pictures.items()}
    assert measured["Light"][0] > 200
    assert measured["Dark"][0] < 80
    for theme, picture in pictures.items():
        width, height = size(picture)
        assert width == pytest.approx(WIDTH, abs=4)
        assert 700 < height < 1400
        assert measured[theme][1] > 200, "a blank picture has few colours"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_readme_has_its_picture(theme):
    width, height = size((DOCS / f"board-{theme}.png").read_bytes())
    assert width == pytest.approx(WIDTH, abs=4)
    assert 700 < height < 1400
    assert f"docs/board-{theme}.png" in (REPOSITORY / "README.md").read_text(encoding="utf-8")
