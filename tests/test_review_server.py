import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from annotator.review import Review
from annotator.review_commands import review as command
from annotator.review_desk import Desk
from annotator.review_log import read_log
from annotator.review_server import MAX_REQUEST, ReviewServer
from tests.review_samples import letter, write

OPEN = '{"do": "open"}'


@pytest.fixture
def server(tmp_path):
    review = Review(write(tmp_path / "out.jsonl", letter()), "ann")
    made = ReviewServer(Desk(review, "Version 2"))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()
    review.close()


def ask(server, path, body=None, method=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method or ("GET" if body is None else "POST"), path, body, names)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_it_listens_on_this_machine_only(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.url.startswith(f"http://127.0.0.1:{server.server_port}/")
    assert len(server.token) >= 32


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("", "text/html", b"<title>Review of labels"),
        ("review.js", "text/javascript", b"textContent"),
        ("review.css", "text/css", b".annotator-review"),
        ("start.js", "text/javascript", b"import { page }"),
    ],
)
def test_the_page_comes_whole_from_here(server, name, kind, content):
    response, data = ask(server, f"/{server.token}/{name}")
    assert response.status == 200
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert content in data
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert b"http://" not in data
    assert b"https://" not in data


@pytest.mark.parametrize(
    "path",
    ["/", "/review.js", "/x/review.js", "//", "/{token}x/", "/{token}/../cli.py", "/{token}/guidelines.md", "/{token}"],
)
def test_without_the_token_or_past_the_page_there_is_nothing(server, path):
    response, data = ask(server, path.format(token=server.token))
    assert (response.status, data) == (404, b"")
    response, data = ask(server, f"{path.format(token='guess')}api", OPEN)
    assert (response.status, data) == (404, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_other_hosts_and_origins_are_refused(server, headers):
    response, data = ask(server, f"/{server.token}/api", OPEN, **headers)
    assert (response.status, data) == (403, b"")


def test_a_decision_through_the_server_is_on_the_disk(server):
    path = f"/{server.token}/api"
    first = json.loads(ask(server, path, OPEN)[1])["view"]["row"]["at"]
    answer = json.loads(ask(server, path, json.dumps({"do": "label", "value": "unsupported", "at": first}))[1])
    assert answer["says"] == "Saved: unsupported."
    assert [event.new for event in read_log(server.desk.review.log).events] == ["unsupported"]


@pytest.mark.parametrize(
    ("body", "status"),
    [("{broken", 400), ("[1]", 400), ("[" * 100_000, 400), ("", 413), ("x" * (MAX_REQUEST + 1), 413)],
)
def test_a_senseless_body_is_refused(server, body, status):
    try:
        response, _ = ask(server, f"/{server.token}/api", body)
    except (BrokenPipeError, ConnectionResetError):
        assert status == 413
    else:
        assert response.status == status
    assert read_log(server.desk.review.log).events == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_other_methods_are_refused(server, method):
    assert ask(server, f"/{server.token}/", method=method)[0].status == 501


@pytest.mark.parametrize("length", ["-1", "x", "٣", "9" * 40])
def test_a_senseless_length_is_refused(server, length):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest("POST", f"/{server.token}/api")
    connection.putheader("Content-Length", length.encode())
    connection.endheaders()
    assert connection.getresponse().status in (411, 413)
    connection.close()


# The commands


def test_the_command_serves_until_it_is_stopped_and_a_second_one_is_refused(tmp_path):
    output = write(tmp_path / "out.jsonl", letter())
    code = "from annotator.review_commands import review; review()"
    arguments = [sys.executable, "-c", code, str(output), "--reviewer", "ann", "--no-browser"]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        url = process.stderr.readline().split()[1]
        parts = urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
        connection.request("POST", f"{parts.path}api", '{"do": "accept"}')
        assert json.load(connection.getresponse())["says"] == "Saved: accepted."
        connection.close()
        second = subprocess.run(arguments, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert second.stderr.startswith("annotator: ")
        assert second.stderr.count("\n") == 1
        process.send_signal(signal.SIGKILL)
    assert [event.new for event in read_log(tmp_path / "out.review.jsonl").events] == ["accepted"]


def decided(tmp_path, reviewer, label):
    review = Review(tmp_path / "out.jsonl", reviewer, log=tmp_path / f"{reviewer}.review.jsonl")
    review.change(review.rows[0], "label", label)
    review.change(review.rows[1], "decision", "accepted")
    review.close()
    return str(review.log)


def test_merge_lists_the_conflicts_of_two_reviewers(tmp_path):
    write(tmp_path / "out.jsonl", letter())
    logs = [decided(tmp_path, "ann", "unsupported"), decided(tmp_path, "bob", "interpretation")]
    merged = str(tmp_path / "out.review.jsonl")
    result = CliRunner().invoke(command, ["merge", *logs, "-o", merged])
    assert result.exit_code == 0
    assert (
        result.stdout == "letter.txt 0-27 label\tann: unsupported, bob: interpretation\tThe dam was opened in 1931.\n"
    )
    assert "4 events of 2 reviewers, 1 conflict\n" in result.stderr
    assert len(read_log(merged).events) == 4
    again = CliRunner().invoke(command, ["merge", merged, *logs, "-o", merged])
    assert again.exit_code == 0
    assert len(read_log(merged).events) == 4


def test_export_leaves_conflicts_out_and_says_so(tmp_path):
    write(tmp_path / "out.jsonl", letter())
    logs = [decided(tmp_path, "ann", "unsupported"), decided(tmp_path, "bob", "interpretation")]
    CliRunner().invoke(command, ["merge", *logs, "-o", str(tmp_path / "out.review.jsonl")])
    result = CliRunner().invoke(command, ["export", str(tmp_path / "out.jsonl"), "-o", "-"])
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["letter.txt.1"]
    assert "1 sentence exported, 1 left out" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["absent.jsonl"], ["merge", "absent.jsonl", "-o", "-"], ["export", "absent.jsonl", "-o", "-"]],
)
def test_a_mistake_is_one_plain_line(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("annotator: absent.jsonl: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
