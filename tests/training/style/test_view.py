"""The page and Python show a style predictor the same picture, reduced by one filter."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from converter import gallery
from training.style import batches, paint, validation
from training.style.predictors import view

WEB = Path(__file__).resolve().parents[3] / "web"
SCRIPT = """
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
const [source, folder, width, height] = process.argv.slice(2);
const options = { module: 'esnext', target: 'es2022' };
const code = ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions: options }).outputText;
const { centreSquare } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const data = new Uint8ClampedArray(readFileSync(`${folder}/picture.bin`));
writeFileSync(`${folder}/view.bin`, centreSquare({ width: Number(width), height: Number(height), data }, 256));
"""


def seen_by_the_page(picture: Image.Image, folder: Path) -> np.ndarray:
    """[3,256,256] in [0,1], as web/src/engine/resample.ts makes it."""
    (folder / "picture.bin").write_bytes(picture.convert("RGBA").tobytes())
    source = WEB / "src" / "engine" / "resample.ts"
    command = ["node", "--input-type=module", "-", source, folder, str(picture.width), str(picture.height)]
    subprocess.run(command, input=SCRIPT, text=True, check=True, cwd=WEB)
    return np.fromfile(folder / "view.bin", np.float32).reshape(256, 256, 3).transpose(2, 0, 1)


@pytest.mark.parametrize(("width", "height"), [(512, 512), (1000, 777), (300, 401), (256, 256), (120, 90)])
def test_page_and_python_reduce_a_style_picture_alike(tmp_path, width, height):
    grain = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    grain[: height // 2] = np.linspace(0, 255, width)[:, None].astype(np.uint8)
    picture = Image.fromarray(grain)
    assert np.abs(view(picture).numpy() - seen_by_the_page(picture, tmp_path)).max() <= 1.001 / 255


def test_trainings_commands_and_the_gallery_take_that_view():
    assert batches.view is validation.view is paint.view is gallery.view is view


def test_the_manifest_says_how_large_the_view_is():
    manifest = json.loads((WEB / "models" / "style-predictor" / "manifest.json").read_text())
    assert manifest["constants"]["predictor_side"] == view(Image.new("RGB", (9, 7))).shape[1]
