"""References in brackets, and names with a year in brackets.

What stands in a bracket is a reference if it is a name or body with a year, a work with its page, place and publisher
with a year, or something the reader is told to see. "(1879-1940)", "(about 200 people)" and "(see below)" are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.record import Attribution, Span
from annotator.reference_patterns import YEAR, known, pattern

TOKEN = re.compile(r"\S+")
_YEAR = re.compile(YEAR)
_JOINED = ("et al", "et al.", "’s", "'s")
_EARLIEST = "17"
_NAME_REACH = 60
# How far before an imprint its author may stand, what shows that the bracket names the work itself, and the length of
# an initial with its stop.
_TITLE_REACH, _INITIAL = 140, 3
_MARKED = re.compile(r"[“”\"«»]|\bpp?\.")


def stripped(text: str, start: int, end: int) -> Span:
    """Span without white space and commas at its ends."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(" \t\r\n,;:"))
    return Span(start, max(start, start + len(piece.strip(" \t\r\n,;:"))))


def reference(rule: str, source: Span, cue: tuple[int, int] | None = None) -> Attribution:
    """Attribution of a rule, with a cue where there is one."""
    return Attribution(source, Span(*cue) if cue and cue[0] >= 0 else None, (), rule)


def bracketed(text: str) -> Iterator[Attribution]:
    """Yield the references in brackets."""
    for found in pattern("bracket").finditer(text):
        start, end = found.span(1)
        if found.group(1).isdigit():
            continue
        lead = pattern("lead").match(text, start, end)
        body = stripped(text, lead.end() if lead else start, end)
        if body.end - body.start < 2:
            continue
        cue = lead.span(1) if lead else None
        dated = list(_parts(text, body, cue))
        whole = None if dated else _whole(text, body)
        yield from dated
        if whole:
            yield reference(whole, _with_title(text, found.span(), body), cue)
        elif cue and cue[0] >= 0 and not dated and names_work(text, body):
            yield reference("see", _target(text, body), cue)


def _whole(text: str, body: Span) -> str | None:
    """Rule that takes everything in a bracket as one work, or None."""
    first = text[body.start]
    if pattern("same").search(text, body.start, min(body.end, body.start + _NAME_REACH)):
        return "same-work"
    if _YEAR.search(text, *body) and pattern("imprint").fullmatch(text, *body) and not _has_month(text, body):
        return "bracketed-work"
    if pattern("name_page").fullmatch(text, *body) and not _YEAR.fullmatch(text, body.end - 4, body.end):
        return "page"
    paper = pattern("newspaper").match(text, *body) if _has_month(text, body) else None
    if paper:
        return "newspaper-date"
    place = pattern("leaf").search(text, *body)
    if place and not first.isdigit() and ";" not in text[body.start : body.end]:
        if place.start() == body.start:
            return "page"
        return "bracketed-work" if not first.islower() or text[body.start : place.start()].istitle() else None
    return None


def _with_title(text: str, bracket: tuple[int, int], body: Span) -> Span:
    """A bracket that holds only an imprint with the author and title before it: "Klein, Mills (Ulm: Roy, 1920)"."""
    if ":" not in text[slice(*body)] or not pattern("imprint").fullmatch(text, *body) or _MARKED.search(text, *body):
        return body
    opens = max(0, bracket[0] - _TITLE_REACH)
    start = bracket[0]
    for token in reversed(list(TOKEN.finditer(text, opens, bracket[0]))):
        bare = token.group().lstrip("“”\"«»‘’'*_0123456789")
        if ends_run(token.group(), bare) or "\n" in text[token.end() : start]:
            break
        if not (bare[:1].isupper() or bare.strip(",.&") in known("joint") or bare in ("&", "a")):
            break
        start = token.start() + token.group().index(bare) if bare[:1].isupper() else start
        if token.group()[0].isdigit():  # the number of a note
            break
    return Span(start, bracket[1]) if start < bracket[0] else body


def ends_run(token: str, bare: str) -> bool:
    """Whether a run of capitalised words ends behind a word or before it: a stop, or "In" as it opens a sentence."""
    stops = token.rstrip("”\"’'»")[-1:] in (".", "?", "!", ";") and len(bare) > _INITIAL and bare.count(".") < len("..")
    return stops or (bare[:1].isupper() and bare.strip(",").lower() in known("before_author"))


def _has_month(text: str, body: Span) -> bool:
    return any(word.strip(".,") in known("month") for word in text[body.start : body.end].lower().split())


def _parts(text: str, body: Span, cue: tuple[int, int] | None) -> Iterator[Attribution]:
    """Author and year, one after the other between semicolons."""
    if not (_YEAR.search(text, *body) or "n.d" in text[body.start : body.end]):
        return
    start = body.start
    while start < body.end:
        stop = text.find(";", start, body.end)
        end = body.end if stop < 0 else stop
        lead = pattern("lead").match(text, start, end)
        begin = lead.end() if lead else start
        found = pattern("part").fullmatch(text, begin, end)
        if found and _is_author(found.group(1), bool(cue or lead or found.group(3))):
            yield reference("author-date", stripped(text, begin, end), lead.span(1) if lead else cue)
            cue = None
        start = end + 1


def _is_author(names: str, backed: bool) -> bool:
    """Whether words before a year are names: capitals or letters without case, no place, event or date."""
    words = [word.strip(".,") for word in names.replace("-", " ").split()]
    if not words or any(not _may_stand_in_name(word) for word in words):
        return False
    if words[0].lower() in known("not_author") or names.strip(".,").lower() in known("not_author"):
        return False
    if backed:
        return True
    if names.rsplit(",", 1)[-1].strip(" .").lower() in known("not_author"):
        return False
    return not any(word.lower() in known("not_author") for word in words[-1:])


def _may_stand_in_name(word: str) -> bool:
    lower = word.lower()
    elided = word[1:2] in "’'" and word[2:3].isupper()  # d'Arc
    return not word[:1].islower() or elided or lower in known("joint") or lower in known("particle")


def names_work(text: str, body: Span) -> bool:
    """Whether the words after "see" name something outside this text."""
    words = text[body.start : min(body.end, body.start + 60)].split()
    first = words[0].strip("“”\"«»‘’',.:()[]*_")
    if not first or first[0].islower() or first[0].isdigit():
        return False
    return first.lower() not in known("internal") and first.lower() not in known("no_title")


def _target(text: str, body: Span) -> Span:
    stop = text.find(";", body.start, body.end)
    return stripped(text, body.start, body.end if stop < 0 else stop)


def narrated(text: str) -> Iterator[Attribution]:
    """Yield ``Name (2001)`` where a verb, a page, a second author or a word before shows that it is no title."""
    for found in pattern("narrative").finditer(text):
        names, year, place = found.groups()
        start = found.start() + _opening(names)
        names = names[start - found.start() :]
        if year < _EARLIEST or (place.startswith(",") and not pattern("leaf").search(place)):
            continue
        shown = place or names.endswith(_JOINED) or " & " in names or _used(text, found)
        if shown and "’s " not in names and "'s " not in names and _is_author(names, False):
            yield reference("author-date", Span(start, found.end()))


def _opening(names: str) -> int:
    """Length of a word that only opens the sentence before a name: "As Keller and Brandt (2004) show"."""
    first, blank, rest = names.partition(" ")
    return len(first) + len(blank) if rest and first.lower() in known("before_author") else 0


def _used(text: str, found: re.Match[str]) -> bool:
    after = TOKEN.match(text, min(found.end() + 1, len(text)), min(found.end() + 30, len(text)))
    before = text[max(0, found.start() - 20) : found.start()].lower().split()
    follows = after is not None and after.group().strip(".,;:") in known("verb")
    return follows or bool(before and before[-1].strip("(,") in known("by"))
