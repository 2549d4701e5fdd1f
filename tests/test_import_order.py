"""Imports go one way: a module may import only from the rows above its own; an indented line goes on with its row."""

import ast
from pathlib import Path

import pytest

import annotator

PACKAGE = Path(annotator.__file__).parent
ORDER = """
__init__
doubt errors gain jsonl network quantization record renaming sentence_tokens windows wording
calibration checking citing classifier contents decoding encoder gold growth lexicon progress settings
  warm_start
admiralty blocks boundaries citation_head encoder_network evaluation features marked marking model_card
  occlusion plain_commands quotation reading reference_patterns teacher word_classes
brackets carrying hints lessons likeness note_links notes noun_phrases picture reasons review_log source_kinds
  source_names unmarked
clauses fast_tier losses newspapers reliability review_rows review_writer same_source speakers splitting
accurate_tier anchoring complements encoder_trainer framing ledger naming propositions ratings references
  short_names subjects training whole_phrases
agreement claims drafts encoder_training extent head_training mark_phrases people review source_frames
  verb_forms
draft_report hearsay inversion locating next_best rated_output review_queue reviewed selection source_records
  works
adaptation learning model review_view saying
attribution model_store profile review_desk suspects
accurate_recipe attributing learning_commands review_server review_widget sourcing writing
adjudication annotate output review_commands review_recipe
agreement_report batch claim_list component scoring source_list
agreement_commands challenge frames ledger_commands
floors
recipe
cli
__main__
"""
RANK = {name: rank for rank, row in enumerate(ORDER.replace("\n  ", " ").split("\n")) for name in row.split()}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))


def imported(module: str) -> set[str]:
    """Modules of the package that a module imports when it is imported itself, or later inside a function."""
    names = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "annotator":
            names |= {alias.name if alias.name in RANK else "__init__" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("annotator."):
            names.add(node.module.split(".")[1])
    return names


def test_every_module_has_its_place():
    assert set(MODULES) == set(RANK)


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__init__"])
def test_imports_only_from_above(module):
    assert {name for name in imported(module) if RANK[name] >= RANK[module]} == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_over_300_lines(module):
    assert len((PACKAGE / f"{module}.py").read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", MODULES)
def test_no_function_is_over_50_lines_and_none_runs_code(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno >= 50] == []
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not names & {"eval", "exec", "__import__"}
    assert not modules & {"pickle", "joblib", "subprocess", "yaml", "marshal", "shelve"}
