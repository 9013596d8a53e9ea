"""Who gets Python's attention first: a page that someone waits for, or background work."""

from __future__ import annotations

from threading import Thread

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
    now, waits = 0.0, list[float]()

    def ticks() -> float:
        waits.append(now)
        return now

    priority = Priority(ticks, longest=0.001)
    with priority.page():
        priority.give_way()  # asks for the time before and after it waits
        assert len(waits) == 2
        priority.give_way()  # its turn: it asks once, and does not wait
        assert len(waits) == 3
        now = 1.0
        priority.give_way()
        assert len(waits) == 5
