"""The review page in a real browser, by keyboard and mouse, against a real server and log."""

import json
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.jsonl import dumps
from annotator.review import Review
from annotator.review_log import live, read_log
from tests.browser.conftest import PICTURES
from tests.review_samples import LETTER, letter, pronoun, sentence, write

HOSTILE = (
    "<script>document.body.dataset.ran = 1</script> was said.",
    '<img src=x onerror="document.body.dataset.ran = 1"> stood there.',
    '"><svg/onload=document.body.dataset.ran=1> and `${alert(1)}` too.',
    "\x1b[31mRed\x07 and \u202egnp.exe\u202c in one line.",
    '=HYPERLINK("http://example.org","x") is a formula.',
    "مرحبا بالعالم، قال الرجل \u200fhello\u200e.",
    "[link](javascript:alert(1)) and &lt;b&gt; stay text.",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L 𝕳𝖊 👩‍👩‍👧‍👦 came.",
)


@pytest.fixture
def long(tmp_path):
    texts = tuple(f"The gauge at station {n} read {n} centimetres, says Ada Moll." for n in range(30))
    return write(tmp_path / "out.jsonl", letter("stations.txt", texts))


def opened(page, server):
    page.goto(server.url)
    page.wait_for_selector(".annotator-review .current")
    return page


@contextmanager
def answered(page):
    """Wait until the request made in the block is answered and drawn."""
    with page.expect_response("**/api"):
        yield
    page.wait_for_selector(".annotator-review[aria-busy=false]")


def press(page, *keys):
    """Press keys, each when the page has answered the one before."""
    for key in keys:
        with answered(page):
            page.keyboard.press(key)


def logged(server):
    return [(event.index, event.field, event.new) for event in read_log(server.desk.review.log).events]


def current(page):
    return page.locator(".current").inner_text().replace("+", "").replace("−", "")


def test_twenty_sentences_by_keyboard_and_the_log_holds_exactly_that(page, serve, long):
    server = serve(long)
    opened(page, server)
    expected = []
    for number in range(20):
        label = server.desk.review.rows[number].record["label"]
        key, new = [("1", "documented_fact"), ("2", "interpretation"), ("3", "unsupported"), ("4", "no_claim")][
            number % 4
        ]
        expected.append((number, "decision", "accepted") if label == new else (number, "label", new))
        press(page, key)
    assert logged(server) == expected
    assert page.locator(".where").inner_text().endswith("sentence 21")
    assert "20 of 30 in the queue decided" in page.locator(".counts").inner_text()
    assert page.get_by_role("progressbar").get_attribute("aria-valuenow") == "20"


def test_undo_flag_skip_answers_note_and_reload(page, serve, long):
    server = serve(long)
    opened(page, server)
    press(page, "3", "u", "f", "e", "q", "Enter", "x")
    page.keyboard.press("w")
    page.keyboard.type("Whose gauge? 1 2 3 u f")
    press(page, "Enter")
    expected = [
        (0, "label", "unsupported"), (0, "undo", read_log(server.desk.review.log).events[0].event), (0, "flag", True),
        (0, "citation", "explicit"), (0, "voice", "quoted"), (0, "decision", "accepted"), (1, "decision", "skipped"),
        (2, "note", "Whose gauge? 1 2 3 u f"),
    ]  # fmt: skip
    assert logged(server) == expected
    page.reload()
    page.wait_for_selector(".current")
    assert page.locator("textarea").input_value() == "Whose gauge? 1 2 3 u f"
    assert page.locator("[data-row='0'] .tag").inner_text() == "✓ ⚑"
    press(page, "ArrowUp", "ArrowUp")
    assert page.get_by_role("button", name="quoted").get_attribute("aria-pressed") == "true"
    assert logged(server) == expected


def test_a_source_is_corrected_by_keyboard_and_a_claim_by_mouse(page, serve, tmp_path):
    server = serve(write(tmp_path / "out.jsonl", letter()))
    opened(page, server)
    press(page, "ArrowDown")
    for key in ("s", "ArrowRight"):
        page.keyboard.press(key)
    press(page, "Enter")
    (event,) = read_log(server.desk.review.log).events
    assert [item["text"] for item in event.new] == ["Moll, the"]
    page.keyboard.press("s")
    press(page, "Backspace")
    assert read_log(server.desk.review.log).events[-1].new == []
    words = page.locator(".current span")
    first = words.filter(has_text="walls").bounding_box()
    last = words.filter(has_text="thin").last.bounding_box()
    page.mouse.move(first["x"] + 2, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 1, last["y"] + last["height"] / 2, steps=4)
    page.mouse.up()
    press(page, "t")
    (claim,) = read_log(server.desk.review.log).events[-1].new
    assert claim["text"] == "walls were too thin"
    assert claim["start"] == server.desk.review.rows[1].span[0] + LETTER[1].index("walls")


def test_a_source_is_rated_by_keyboard_and_mouse_and_is_so_after_a_reload(page, serve, tmp_path):
    server = serve(write(tmp_path / "out.jsonl", letter()))
    opened(page, server)
    page.keyboard.press("m")
    assert "has no source to rate" in page.get_by_role("status").inner_text()
    press(page, "ArrowDown")
    page.keyboard.press("m")
    assert page.locator(".scale [aria-pressed=true]").count() == 0
    press(page, "b", "2")
    assert page.locator(".rated").inner_text().startswith("rated B2: usually reliable, probably true (ann, 2")
    with answered(page):
        page.get_by_role("button", name="D not usually reliable").click()
    press(page, "2")
    page.reload()
    page.wait_for_selector(".current")
    assert page.locator(".rated").inner_text().startswith("rated D–: not usually reliable (ann, 2")
    page.get_by_role("button", name="Rate source Ada Moll").click()
    assert page.locator(".scale [aria-pressed=true]").all_inner_texts() == ["D\nnot usually reliable"]
    press(page, "Backspace", "u")
    page.keyboard.press("Escape")
    assert page.locator(".scale").count() == 0
    assert page.locator(".rated").count() == 1
    press(page, "c")
    events = read_log(server.desk.review.log).events
    given = [(event.new["rating"] or {}).get("source") for event in events if event.field == "rating"]
    assert given == ["B", "B", "D", "D", None]
    assert [event.field for event in events][-2:] == ["undo", "citation"]


def test_a_scale_that_is_open_keeps_the_focus_of_a_keyboard_and_closes_with_its_sentence(page, serve, tmp_path):
    opened(page, serve(write(tmp_path / "out.jsonl", letter())))
    press(page, "ArrowDown")
    page.keyboard.press("m")
    page.get_by_role("button", name="C fairly reliable").focus()
    press(page, "Space")
    assert page.evaluate("document.activeElement.dataset.key") == "source C"
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("m")
    assert page.locator(".scale").count() == 0
    page.keyboard.press("m")
    press(page, "ArrowDown")
    assert page.locator(".scale").count() == 0


def test_the_mention_and_the_sentence_that_carries_a_source_are_shown(page, serve, tmp_path):
    opened(page, serve(write(tmp_path / "out.jsonl", pronoun())))
    press(page, "ArrowDown")
    assert "named here as She" in page.locator(".spans").inner_text()
    assert page.locator(".current .source").inner_text() == "She"
    press(page, "ArrowDown")
    assert "carried from sentence 2" in page.locator(".spans").inner_text()
    with answered(page):
        page.get_by_role("button", name="Go to sentence 2").click()
    assert page.locator(".where").inner_text().endswith("sentence 2")


def test_an_emoji_does_not_move_the_offsets(page, serve, tmp_path):
    text = "🏗️ 👩‍👩‍👧 Ada Moll 𝕳 wrote it."
    server = serve(write(tmp_path / "out.jsonl", [sentence("e.txt", 0, 0, text, "interpretation")]))
    opened(page, server)
    for key in ("s", "Shift+ArrowRight"):
        page.keyboard.press(key)
    press(page, "Enter")
    (source,) = read_log(server.desk.review.log).events[0].new
    assert text[source["start"] : source["end"]] == source["text"] == "Ada Moll"


def test_sentences_are_joined_and_split(page, serve, tmp_path):
    server = serve(write(tmp_path / "out.jsonl", letter()))
    opened(page, server)
    press(page, "j")
    assert current(page) == f"{LETTER[0]} {LETTER[1]}"
    for key in ("p", *["ArrowRight"] * 5):
        page.keyboard.press(key)
    press(page, "Enter")
    assert current(page) == LETTER[0]
    press(page, "u", "u")
    assert [row.record["text"] for row in server.desk.review.rows] == list(LETTER)
    assert [event.field for event in read_log(server.desk.review.log).events] == [
        "boundary",
        "boundary",
        "undo",
        "undo",
    ]
    assert live(read_log(server.desk.review.log).events) == []


def test_orders_filters_guidelines_and_keys(page, serve, long):
    server = serve(long)
    opened(page, server)
    with answered(page):
        page.get_by_label("Order").select_option("doubtful")
    assert page.locator(".where").inner_text().endswith("sentence 5")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("station 17 ")
    press(page, "Tab")
    assert current(page).startswith("The gauge at station 17 ")
    page.locator(".text").focus()
    page.keyboard.press("g")
    assert "walk down, the first that fits" in page.get_by_role("dialog", name="Guidelines").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert "Accept and next" in page.get_by_role("dialog", name="Keys").inner_text()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    assert logged(server) == []
    press(page, "Enter")
    assert logged(server) == [(17, "decision", "accepted")]


def test_a_click_leaves_the_keys_as_they_were(page, serve, long):
    server = serve(long)
    opened(page, server)
    with answered(page):
        page.get_by_role("button", name="Flag").click()
    press(page, "Enter")
    assert logged(server) == [(0, "flag", True), (0, "decision", "accepted")]
    with answered(page):
        page.locator("[data-row='9']").click()
    assert page.locator(".where").inner_text().endswith("sentence 10")


def test_ten_thousand_sentences_draw_a_neighbourhood(page, serve, tmp_path):
    texts = tuple(f"Sentence number {n} stands here." for n in range(10_000))
    server = serve(write(tmp_path / "big.jsonl", letter(texts=texts)))
    opened(page, server)
    press(page, *"1234")
    assert page.locator(".sentence").count() <= 81
    page.locator(".text").get_by_role("button", name="after").click()
    page.wait_for_selector("[data-row='100']")
    assert page.locator(".sentence").count() <= 81
    assert current(page) == texts[4]


def test_hostile_text_is_shown_and_runs_nothing(page, serve, tmp_path):
    lines = letter("<b onclick=alert(1)>.txt", HOSTILE)
    lines[0]["sources"] = [
        {"text": HOSTILE[0][:9], "start": 0, "end": 9, "cue": None, "cue_start": None, "cue_end": None,
         "kind": "<img src=x onerror=alert(1)>", "traceability": 0, "reliability": "weak",
         "why": ["<script>alert(1)</script>"], "carried_from": None}
    ]  # fmt: skip
    server = serve(write(tmp_path / "out.jsonl", lines), reviewer="<i>ann</i>")
    opened(page, server)
    body = page.locator(".text").inner_text()
    for text in HOSTILE[:3] + HOSTILE[4:5] + HOSTILE[6:]:
        assert text in body
    assert "␛[31mRed␇ and \ufffdgnp.exe\ufffd" in body
    page.keyboard.press("w")
    page.keyboard.type("<img src=x onerror=alert(1)>")
    press(page, "Enter", "u", "f", "1", "ArrowDown", "ArrowDown", "ArrowDown")
    found = page.evaluate("[...document.querySelectorAll('main *')].map(node => node.tagName.toLowerCase())")
    assert not set(found) & {"script", "img", "svg", "a", "iframe", "object", "i-frame", "style"}
    assert page.evaluate("document.body.dataset.ran") is None


def test_every_hostile_text_of_the_collection(page, serve, tmp_path, shared):
    generated = (shared / "badinputs/generated/texts.jsonl").read_text(encoding="utf-8")
    texts = [json.loads(line)["text"] for line in generated.split("\n") if line]
    texts += json.loads((shared / "badinputs/blns/blns.json").read_text(encoding="utf-8"))
    lines, start = [], 0
    for text in (text[:5000] for text in texts if text.strip()):
        lines.append(sentence("bad.txt", len(lines), start, text, "interpretation"))
        start += len(text) + 1
    path = tmp_path / "out.jsonl"
    path.write_text("".join(dumps(line) + "\n" for line in lines), encoding="utf-8", errors="replace")
    server = serve(path)
    opened(page, server)
    assert len(server.desk.review.rows) > 500
    for row in range(40, len(lines), 80):
        server.desk.handle({"do": "go", "row": row})
        page.reload()
        page.wait_for_selector(f"[data-row='{row}'].now")
        press(page, "Enter")
    assert page.evaluate("document.querySelectorAll('main script, main img, main svg, main iframe').length") == 0


def test_a_server_that_is_gone_is_said_and_nothing_confirmed_is_lost(page, serve, long):
    server = serve(long)
    opened(page, server)
    press(page, "1", "1")
    page.route("**/api", lambda route: route.abort())
    page.keyboard.press("1")
    page.wait_for_selector(".alert:not([hidden])")
    assert "The last decision may not be saved" in page.get_by_role("alert").inner_text()
    assert len(logged(server)) == 2
    page.unroute("**/api")
    with answered(page):
        page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".alert", state="hidden")
    press(page, "1")
    assert len(logged(server)) == 3


SIZES = {"light": (1360, 900), "dark": (1360, 900), "narrow": (420, 900)}


@pytest.mark.parametrize("look", SIZES)
def test_every_look_is_accessible(page, serve, long, picture, look):
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: the group 'browser'")
    source = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[look], strict=True)))
    server = serve(long)
    opened(page, server)
    press(page, "1", "2", "3", "4", "f", "x", *["ArrowUp"] * 4)
    page.keyboard.press("m")
    press(page, "b")
    page.evaluate(source)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found["violations"]] == []
    picture(page, look)
    assert (PICTURES / f"{look}.png").stat().st_size > 10_000


@pytest.mark.parametrize("key", ["g", "?"])
def test_the_dialogs_are_accessible(page, serve, long, key):
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: the group 'browser'")
    opened(page, serve(long))
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    page.keyboard.press(key)
    page.get_by_role("dialog").wait_for()
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found["violations"]] == []


def test_the_theme_follows_the_notebook_and_the_reader(page, serve, long):
    opened(page, serve(long))
    root = page.locator(".annotator-review")
    assert root.get_attribute("data-theme") == "light"
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_selector(".annotator-review[data-theme=dark]")
    page.get_by_role("button", name="Light or dark").click()
    assert root.get_attribute("data-theme") == "light"


def test_labels_can_be_told_apart_without_colours(page, serve, tmp_path):
    opened(page, serve(write(tmp_path / "out.jsonl", letter())))
    looks = page.evaluate(
        "[...document.querySelectorAll('.sentence')].map(node => "
        "[node.querySelector('.mark').textContent[0], getComputedStyle(node).textDecorationStyle])"
    )
    assert [tuple(look) for look in looks] == [
        ("■", "solid"), ("◆", "dashed"), ("▲", "wavy"), ("◆", "dashed"), ("○", "dotted"),
    ]  # fmt: skip


def test_adjudication_settles_what_two_reviewers_differ_on(page, serve, tmp_path):
    output = write(tmp_path / "out.jsonl", letter())
    for name, label in (("ann", "unsupported"), ("bob", "interpretation")):
        review = Review(output, name)
        review.change(review.rows[3], "label", label, note=None)
        review.change(review.rows[4], "label", "no_claim")
        review.close()
    server = serve(output, reviewer="cyd")
    opened(page, server)
    with answered(page):
        page.get_by_label("Order").select_option("disagreements")
    assert current(page) == LETTER[3]
    assert page.locator(".others p").all_inner_texts() == [
        "ann: unsupported, citation none, voice author", "bob: interpretation, citation none, voice author",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    page.locator(".text").focus()
    press(page, "y")
    assert [row.at for row in server.desk.review.rows if server.desk.review.verdict(row)] == [3, 4]
    assert logged(server)[-1] == (3, "decision", "adjudicated")


def test_the_page_can_be_walked_by_tab_in_the_order_it_is_read(page, serve, long):
    opened(page, serve(long))
    names = []
    for _ in range(45):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).slice(0, 30)"
            )
        )
    wanted = [
        "Filters",
        "Document|",
        "Sentence in hand",
        "Current sentence",
        "1■documented fact",
        "eexplicit",
        "aauthor",
        "EnterAccept and next",
    ]
    places = [next(n for n, name in enumerate(names) if f"{name}|".startswith(start)) for start in wanted]
    assert places == sorted(places)
