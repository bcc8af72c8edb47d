"""Published folders change as a whole."""

from pathlib import Path
from typing import Any

import pytest

from converter import publish
from tests.converter.models import contents


def graph(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "model.json").write_text(text)
    return folder


def described(name: str) -> dict[str, Any]:
    port = {"name": "style", "tensor": "style:0", "shape": [1, None, None, 3], "range": [0.0, 1.0]}
    report = {"samples": ["noise"], "steps": {"tfjs": {"picture max": 0.01}}, "bounds": {"tfjs": {"picture max": 0.02}}}
    return {
        "name": name, "task": "A task", "version": "1", "inputs": [port], "outputs": [{**port, "range": None}],
        "files": [{"path": "model.json", "bytes": 3, "sha256": "0"}], "parameters": 1234, "precision": "float16",
        "initialisation": "random", "training_data": "none", "licence": "none", "limits": "none",
        "metrics": {"cosine": 0.87654}, "measured": "On pictures of cats.",
        "config": {"steps": 3}, "parity": report,
    }  # fmt: skip


def test_a_new_version_takes_the_former_ones_place_and_leaves_nothing_beside(tmp_path: Path) -> None:
    out = tmp_path / "models"
    for text in ("old", "new"):
        publish.publish(graph(tmp_path / text, text), described("a-model"), out)
    assert [path.name for path in out.iterdir()] == ["a-model"]
    assert (out / "a-model" / "model.json").read_text() == "new"


def test_a_failure_while_writing_leaves_the_published_model_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "models"
    publish.publish(graph(tmp_path / "old", "old"), described("a-model"), out)
    before = contents(out / "a-model")

    def disk_full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(publish, "write_json", disk_full)
    with pytest.raises(OSError, match="no space"):
        publish.publish(graph(tmp_path / "new", "new"), described("a-model"), out)
    assert contents(out / "a-model") == before


def test_the_card_shows_the_figures_and_the_bounds() -> None:
    card = publish.card(described("a-model"))
    assert "| parameters | 1,234 |" in card
    assert "| precision | float16, biases float32 |" in card
    assert "On pictures of cats.\n" in card
    assert "| cosine | 0.8765 |" in card
    assert "| tfjs | picture max | 1.0e-02 | 2e-02 |" in card
    assert "[1, any, any, 3]" in card
