"""The batcher of messages in a browser: it delivers; a page that opens later, or cannot deliver, is right too."""

from tests.browser.board import Board
from tests.browser.lab import SCRIPT, Lab
from tests.browser.test_board import expect_truth

READY = "v.message_batcher._ready"
COUNT = "sent = []; send = v.message_batcher.send; v.message_batcher.send = lambda *a: (sent.append(a), send(*a))"
# Stands for a front end whose models take messages in another way than JupyterLab's.
CANNOT = """
from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.kernel.message_batcher import MessageBatcher
MessageBatcher._esm = MessageBatcher._esm.replace("_handle_comm_msg", "receive")
v = LLMViewer(batch_size=8)
v
"""


def expect_batch(board, size):
    """Assert that field, points, bars, rows and headline say what the kernel computes for a batch."""
    board.settle()
    assert board.get("v.batch_size") == size
    assert board.number(0).input_value() == str(size)
    expect_truth(board)


def test_a_change_arrives_in_one_message_and_every_view_shows_it(lab):
    board = Board.open(lab)
    assert board.get(READY) is True
    lab.kernel(COUNT)
    board.type_count(0, 64)
    assert lab.kernel("print(len(sent))") == "1"
    expect_batch(board, 64)


def test_a_page_that_is_loaded_again_shows_what_was_batched_and_what_comes(lab):
    board = Board.open(lab)
    board.type_count(0, 64)
    lab.save()
    lab.open("board", run=False, reload=True)
    board = Board(lab)
    expect_batch(board, 64)
    board.type_count(0, 16)
    expect_batch(board, 16)


def test_two_pages_on_one_kernel_show_the_same(lab, browser):
    board = Board.open(lab)
    lab.save()
    with browser.new_context(viewport=lab.page.viewport_size) as context:
        context.add_init_script(path=SCRIPT)
        other = Lab(context.new_page(), lab.server)
        other.open("board", run=False)
        second = Board(other)
        board.type_count(0, 64)
        for page in (board, second):
            expect_batch(page, 64)
        second.type_count(0, 16)
        for page in (board, second):
            expect_batch(page, 16)


def test_a_page_that_cannot_deliver_is_told_by_every_widget(lab):
    lab.write_notebook("unable", [CANNOT])
    lab.open("unable")
    board = Board(lab)
    assert board.get(READY) is False
    lab.kernel(COUNT)
    board.type_count(0, 64)
    assert lab.kernel("print(len(sent))") == "0"
    expect_batch(board, 64)
