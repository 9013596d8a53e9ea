"""Who gets Python's attention first: a page that someone waits for, or background work."""

from __future__ import annotations

from threading import Event, RLock, Thread

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


def test_background_work_that_has_waited_long_in_sum_gets_a_turn():
    now = 0.0
    waits, second_page = Event(), Event()

    def clock() -> float:
        seen = now
        waits.set()
        return seen

    priority = Priority(lambda: 0.0, longest=60, clock=clock)

    def work() -> None:
        priority.give_way()
        second_page.wait(60)
        priority.give_way()

    background = Thread(target=work)
    with priority.page():
        background.start()
        waits.wait(60)
        now = 61.0
    with priority.page():
        second_page.set()
        background.join(30)
        assert not background.is_alive()


def test_background_work_waits_while_an_answer_waits_for_a_thread_and_works():
    priority, order = Priority(longest=60), list[str]()

    def background() -> None:
        priority.give_way()
        order.append("background")

    with priority.short() as short:
        thread = Thread(target=background)
        thread.start()
        short.run(lambda: order.append("answer"))
        order.append("taken up")
    thread.join(60)
    assert order == ["answer", "taken up", "background"]


def test_background_work_goes_on_while_a_post_waits_for_a_thread_but_not_while_it_works():
    priority, order = Priority(longest=60), list[str]()

    def background() -> None:
        priority.give_way()
        order.append("background")

    def post() -> None:
        later.start()
        order.append("post")

    first, later = Thread(target=background), Thread(target=background)
    with priority.short(queued=True) as short:
        first.start()
        first.join(30)
        short.run(post)
        order.append("taken up")
    later.join(60)
    assert order == ["background", "post", "taken up", "background"]


def test_background_work_goes_on_while_an_answer_waits_for_its_lock():
    priority, lock, order = Priority(longest=60), RLock(), list[str]()
    background_has_it = Event()

    def background() -> None:
        with priority.locked(lock):
            background_has_it.set()
            priority.give_way()
            order.append("background")

    thread = Thread(target=background)

    def answer() -> None:
        thread.start()
        background_has_it.wait(60)
        with priority.locked(lock):
            order.append("answer")

    with priority.short() as short:
        short.run(answer)
    thread.join(60)
    assert order == ["background", "answer"]


def test_an_answer_whose_caller_left_while_it_was_blocked_goes_first_no_more():
    priority, order = Priority(longest=60), list[str]()

    def work() -> None:
        with priority.blocked():
            caller.end()

    with priority.short() as caller:
        caller.run(work)
        priority.give_way()
        order.append("background")
    assert order == ["background"]


def test_an_answer_that_takes_long_counts_as_background_work():
    now, order = 0.0, list[str]()
    priority = Priority(lambda: now, longest=60)

    def background() -> None:
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

    with priority.short() as short:
        short.run(import_)
    assert order == ["background", "import"]


def test_a_page_that_takes_long_goes_first_no_more():
    now = 0.0
    priority = Priority(lambda: now, longest=60)

    def work() -> None:
        nonlocal now
        now = 1.0
        priority.give_way()
        background = Thread(target=priority.give_way)
        background.start()
        background.join(30)
        assert not background.is_alive()

    with priority.page(), priority.short() as short:
        short.run(work)


def test_background_work_goes_on_while_a_part_of_a_page_waits_for_a_thread_or_another_process():
    priority, order = Priority(longest=60), list[str]()

    def background() -> None:
        priority.give_way()
        order.append("background")

    first, second, third = (Thread(target=background) for _ in range(3))

    def part() -> None:
        with priority.blocked():
            second.start()
            second.join(30)
        third.start()
        order.append("part")

    with priority.page():
        with priority.short(queued=True) as short:
            first.start()
            first.join(30)
            short.run(part)
        order.append("page")
    third.join(60)
    assert order == ["background", "background", "part", "page", "background"]


async def test_the_event_loop_which_makes_the_page_never_waits_for_it():
    waits: list[float] = []
    priority = Priority(clock=lambda: waits.append(0.0) or 0.0)
    with priority.page():
        priority.give_way()
    assert not waits
