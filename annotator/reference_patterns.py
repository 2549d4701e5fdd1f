"""The patterns of written references, put together from the phrases in the lexicons.

Each function returns the source of one regular expression; `pattern` compiles it once, on first use. No pattern repeats
a repetition, every repeat is bounded, and each begins with something that is rare in running text, so that the time is
linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from annotator.lexicon import load

YEAR = r"(?:1[4-9]|20)\d\d"
YEARS = rf"(?:(?:\[{YEAR}\]\s)?{YEAR}(?:/{YEAR})?[a-z]?(?:,\s?{YEAR}[a-z]?){{0,6}}|n\.\s?d\.|forthcoming|in\spress)"
_BLANK, _UPPER_BLANK = r"\s", r"\S"
UPPER = r"[^\W\d_a-zß-öø-ÿα-ωа-џ]"
CAPITAL = rf"{UPPER}[\w.’'-]{{0,40}}"
NUMERAL = r"(?:\d{1,4}[a-z]?(?:[./]\d{1,3})?|[IVXLC]{1,6}\b)"


def phrases(category: str, lexicon: str = "references") -> str:
    """One alternation of the phrases of a category, longest first, where a blank stands for any white space."""
    found = sorted(load(lexicon).phrases(category), key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s") for phrase in found)


@cache
def known(category: str) -> frozenset[str]:
    """Phrases of a category of ``references.tsv`` in lower case."""
    return frozenset(phrase.lower() for phrase in load("references").phrases(category))


def bracket() -> str:
    """Words in round or square brackets without brackets inside; the end of the text closes too."""
    return r"[(\[]([^()\[\]]{3,500})(?:[)\]]|\Z)"


def markdown() -> str:
    """A Markdown link, not an image."""
    return r"(?<!!)\[[^\[\]\n]{1,300}\]\(<?[^\s()<>]{2,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?>?\)"


def link() -> str:
    """A bare link; what trails behind it is cut off later."""
    stop = r"\s<>\"“”«»"
    return rf"(?<!\]\()(?:https?|ftp)://[^{stop}]{{1,2000}}|(?<![\w@./])www\.[\w-]{{1,63}}\.[^{stop}]{{1,500}}"


def identifier() -> str:
    """DOI, ISBN, ISSN, arXiv and PubMed numbers."""
    return (
        r"(?<![\w./])(?i:(?:doi:\s?)?10\.\d{4,9}/[^\s\"<>]{1,200}|ISBN(?:-1[03])?:?\s?\d[\d\s-]{8,16}[\dX]"
        r"|ISSN:?\s?\d{4}-\d{3}[\dX]|arXiv:\s?(?:\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z-]{2,12}/\d{7})|PMID:?\s?\d{5,9})"
    )


def lead() -> str:
    """Words that may open a bracket before its reference."""
    return rf"\s{{0,3}}(?i:({phrases('see')})|{phrases('lead')})(?!\w)[:,]?\s{{1,3}}"


def see() -> str:
    """A direction at the head of a sentence or after a stop."""
    return rf"(?:^|(?<=[.;!?)]\s)|(?<=\n))(?i:({phrases('see')}))(?!\w):?\s"


def page() -> str:
    """A page or folio with its number."""
    number = r"(?:\d{1,5}[rv]?|[ivxlc]{1,7})"
    word = rf"(?<![\w.])(?i:{phrases('page')})"
    return rf"{word}\s?{number}(?!\w|\sof\s\d)(?:[–-]\d{{1,5}}|,\s?\d{{1,4}}\b(?!\s\w)){{0,6}}"


def leaf() -> str:
    """A page with its number as it stands in brackets, where shorter words will do."""
    return rf"(?<![\w.])(?i:{phrases('page')}|{phrases('leaf')})\s?(?:\d{{1,5}}|[ivxlc]{{1,7}}\b)"


def date() -> str:
    """A date with its year and at least its month."""
    month, day = phrases("month"), r"\d{1,2}(?:st|nd|rd|th)?"
    return (
        rf"(?:{day}\s(?:{month}),?\s{YEAR}|(?:{month})\s{day},?\s{YEAR}|(?:{month}),?\s{YEAR}"
        rf"|\d{{1,2}}[./]\d{{1,2}}[./](?:{YEAR}|\d\d)|{YEAR}-\d\d-\d\d)(?!\w)"
    )


def newspaper() -> str:
    """A newspaper of the list, or a capitalised name that ends like one, with a date."""
    name = rf"{UPPER}[\w’'-]{{1,20}}"
    ending = rf"(?:{name}\s){{1,4}}(?:{phrases('ending', 'newspapers')})"
    titles = phrases("title", "newspapers")
    paper = rf"(?:(?:[Tt]he\s|THE\s)?(?:{titles}|{titles.upper().replace(_UPPER_BLANK, _BLANK)})|{ending})(?!\w)"
    issue = phrases("issue", "newspapers")
    return (
        rf"(?<!\w)(?:{paper}[”\"*_]{{0,2}}(?:,\s(?i:no\.|nr\.|№)\s?\d{{1,5}})?(?:,\s|\s\(|,?\s(?:of|on|for|dated)\s){date()}\)?"
        rf"|{date()},?\s(?:{issue})\s(?:of|in|for|by)\s{paper})"
    )


def shelfmark() -> str:
    """A shelfmark: an archive and its units, a record series, or fond and opis."""
    units = phrases("unit", "archives")
    volume = r"(?:[IVX]{1,4}\s?/?\s?)?\d[\w/–-]{0,15}(?:\s[IVX]{1,4}(?:/\d{1,6})?)?"
    item = (
        rf"(?:[,:;.]{{0,2}}\s?(?:(?i:{units})[.:]?\s?(?:[A-ZА-Я]{{1,2}}-)?{volume}|[A-Z]{{1,3}}(?:/\d{{1,6}}){{1,3}}))"
    )
    return (
        rf"(?<!\w)(?:(?:{phrases('archive', 'archives')})(?!\w){item}{{1,10}}(?:,\s\d{{1,5}}\b)?"
        rf"|(?:{phrases('series', 'archives')})\s\d{{1,4}}/\d{{1,6}}(?!\w)"
        rf"|(?i:{phrases('fond', 'archives')})\s?\d{{1,5}}[,.;]\s?(?i:op|оп)\.\s?\d{{1,4}}(?!\w){item}{{0,4}})"
    )


def law() -> str:
    """An article of a named law, or an article of which a verb tells what it lays down."""
    part = phrases("law_part")
    more = rf"(?:(?:,\s|\sand\s|\sto\s|[–-])(?:(?:{part})\s?)?{NUMERAL}){{0,4}}"
    words = rf"(?:(?:{CAPITAL}|{YEAR}|of|the|on|for)\s){{0,6}}?"
    about = rf"(?:\s(?:of|on|Relating\sto|for)\s(?:the\s)?{CAPITAL}(?:\s(?:of\s|and\s|the\s)?{CAPITAL}){{0,5}})?"
    name = rf",?\s(?:of|in)\s(?:the\s)?{words}(?i:{phrases('law_head')})(?!\w){about}"
    return (
        rf"(?<!\w)(?:{part})\s?{NUMERAL}(?:\(\w{{1,3}}\)){{0,3}}{more}"
        rf"(?:{name}|(?=\s(?:{phrases('law_verb')})\b))"
    )


def statute() -> str:
    """A law report by volume and page, or an act by its number."""
    number = r"(?:(?:[Nn]o|[Nn]r|№)\.?\s?\d{1,6}(?:[/-]\d{1,4})?|\d{1,4}/\d{2,4}(?:/[A-Z]{2,4})?|\d{2,3}-\d{1,4})"
    return (
        rf"(?<!\w)(?:\d{{1,4}}\s(?:{phrases('reporter')})\s(?:§{{1,2}}\s?)?\d{{1,5}}"
        rf"|(?:{phrases('law_number')})\s(?:\([A-Z]{{2,4}}\)\s)?{number}|Resolution\s\d{{1,4}}(?:\s\(\w{{2,7}}\))?)(?!\w)"
    )


def case() -> str:
    """A law case by its parties."""
    run = rf"{CAPITAL}(?:\s(?:of\s|the\s|&\s|and\s)?{CAPITAL}){{0,5}}"
    return rf"(?<!\w){run},?\sv\.\s(?:the\s)?{run}"


def scripture() -> str:
    """A book of scripture with chapter and verse; not a name before a time of day."""
    number = r"(?:(?:[1-4]|I{1,3}|First|Second|Third)\s?)?"
    more = r"(?:[–-]\d{1,3}(?::\d{1,3})?|,\s?\d{1,3}\b){0,6}(?!\d|:|\s?[ap]\.?m)"
    return rf"(?<!\w){number}(?:{phrases('book')})\.?\s\d{{1,3}}:\s?\d{{1,3}}{more}"


def same() -> str:
    """Ibid. and its kin, with the name before it and the page behind it."""
    place = rf"(?:,?\s(?i:{phrases('page')}|at)?\s?\d[\d–-]{{0,10}})?"
    return rf"(?<!\w)(?:{CAPITAL},?\s)?(?i:{phrases('same')})(?!\w){place}"


def label() -> str:
    """A line that says where its table, figure or story comes from."""
    return rf"(?im:^[^\w\n]{{0,4}}((?:{phrases('source_label')}):)[^\S\n]{{0,3}}([^\n]{{2,300}}))"


def narrative() -> str:
    """A name in the sentence with the year of the work in brackets."""
    name = rf"{CAPITAL}(?:(?: (?:{phrases('particle')}))? {CAPITAL}){{0,3}}"
    names = rf"{name}(?:,?\s(?:and|&|und|y)\s{name}|\set\sal\.?)?"
    return rf"(?<!\w)({names}),?\s?\(({YEARS})((?:[,:]\s?[^()]{{1,60}})?)\)"


def journal() -> str:
    """Year, volume and pages of an article, behind the short title of its journal."""
    title = rf"(?<!\w){CAPITAL}(?:\s{CAPITAL}){{0,6}}\.?\s{YEAR}"
    return rf"{title}(?:\s\w{{3}}(?:\s\d{{1,2}})?)?;\s?\d{{0,4}}(?:\(\d{{1,4}}\))?:\s?(?:Article\s)?\w[\w–-]{{0,15}}"


def volume() -> str:
    """Volume, number and pages of an article."""
    return r"(?<![\w.])\d{1,3}\s?\(\d{1,3}\)[:,]\s?\d{1,5}[–-]\d{1,5}"


def name_page() -> str:
    """A name and a page, as they stand in brackets: the page is too high for an age, or a range."""
    return rf"\s?{CAPITAL}(?:\s(?:and\s|&\s)?{CAPITAL}){{0,3}},\s(?:[1-9]\d{{2,3}}|\d{{1,3}}[–-]\d{{1,3}})\s?"


def imprint() -> str:
    """Place, publisher and year of a book, as they stand in brackets."""
    return rf"\s?{CAPITAL}[^:;\n]{{0,50}}:\s{CAPITAL}[^:;\n]{{1,80}}[,.]\s{YEAR}(?:,?\s[^;\n]{{1,40}})?\s?"


def part() -> str:
    """Names and a year, with the page or a short remark behind, as they stand in brackets."""
    word = r"(?:[^\W\d_][\w.’'-]{0,40}|&)"
    tail = rf"[,:]?\s?(?:(?i:{phrases('page')}|{phrases('leaf')}|{phrases('tail')})(?!\w)|§|\d)[^;]{{0,80}}"
    return rf"\s*({word}(?:,?\s{word}){{0,14}}),?\s({YEARS})({tail})?\s*"


_SOURCES: tuple[Callable[[], str], ...] = (
    bracket, markdown, link, identifier, lead, see, page, leaf, date, newspaper, shelfmark, law, statute, case,
    scripture, same, label, narrative, journal, volume, name_page, imprint, part,
)  # fmt: skip


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Compiled pattern by the name of the function that gives its source."""
    return re.compile({source.__name__: source for source in _SOURCES}[name]())
