"""Who gets Python's attention first: a page that someone waits for, or background work."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from bot.shared.journey import serve, served
from bot.shared.threads import Priority


def test_background_work_waits_until_the_page_is_there():
    priority, order = Priority(longest=60), list[str]()

    def work() -> None:
        priority.give_way()
        order.append("background")

    with priority.page():
        background = Thread(target=work)
        background.start()
        with priority.page():  # a second reader, who is done first
            pass
        order.append("page")
    background.join(60)
    assert order == ["page", "background"]


def test_background_work_continues_though_pages_are_made_all_the_time():
    now, asked = 0.0, list[float]()

    def worked() -> float:
        asked.append(now)
        return now

    priority = Priority(worked, longest=0.001)
    with priority.page():
        priority.give_way()  # asks how much it worked before and after it waits
        assert len(asked) == 2
        priority.give_way()  # its turn: it asks once, and does not wait
        assert len(asked) == 3
        now = 1.0
        priority.give_way()
        assert len(asked) == 5


def test_background_work_waits_for_the_short_work_of_another_coalition_and_not_of_its_own():
    priority, order = Priority(longest=60), list[str]()

    def work(coalition: str) -> None:
        with serve(coalition):
            priority.give_way()
        order.append(coalition)

    background = Thread(target=work, args=("loud",))
    with serve("quiet"):
        own = Thread(target=work, args=("quiet",))

        def answer() -> None:
            own.start()
            own.join(60)
            background.start()
            order.append("answer")

        priority.first(answer)
    background.join(60)
    assert order == ["quiet", "answer", "loud"]


def test_background_work_does_not_wait_while_an_answer_of_its_own_coalition_may_wait_for_its_lock():
    asked = list[str]()

    def worked() -> float:
        asked.append(served())
        return 0.0

    priority = Priority(worked, longest=0.001)

    def background() -> None:
        with serve("loud"):
            priority.give_way()  # it would ask how much it worked before it waits

    def other_answer() -> None:
        with serve("loud"):
            priority.first(lambda: _run(background))

    with serve("quiet"):
        priority.first(lambda: _run(other_answer))
    assert asked == ["quiet", "loud"]  # once for each answer


def _run(work: Callable[[], None]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join(60)


def test_an_answer_that_takes_long_counts_as_background_work():
    now, order = 0.0, list[str]()
    priority = Priority(lambda: now, longest=60)

    def background() -> None:
        with serve("quiet"):
            priority.give_way()
        order.append("background")

    def import_() -> None:
        nonlocal now
        now = 1.0
        priority.give_way()
        other = Thread(target=background)
        other.start()
        other.join(60)
        order.append("import")

    with serve("loud"):
        priority.first(import_)
    assert order == ["background", "import"]
