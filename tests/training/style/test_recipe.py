"""Promises of the recipe that teacher and students share."""

import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.common import runs
from training.common.muon import Muon, matrices, orthogonal
from training.common.options import BadConfig
from training.common.pictures import Pictures
from training.style.affine_transformer import AffineTransformer
from training.style.batches import NEIGHBOUR, OWN, Batches
from training.style.config import DistilConfig, TeacherConfig
from training.style.load import load_pair
from training.style.losses import PerceptualLosses, mixed
from training.style.objective import PAINTING, PHOTOGRAPH, Objective, neighbours
from training.style.predictors import MobileNetStylePredictor
from training.style.recipe import open_weights, train
from training.style.smoke import make_pictures, make_teacher
from training.style.train import main, smoke
from training.style.transformer import KEPT, VECTOR, StyleTransformer, keeping

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
TWO = """
import sys
from pathlib import Path
from training.style.config import DistilConfig
from training.style.recipe import train
train(Path(sys.argv[1]), DistilConfig(**eval(sys.argv[2])))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("style")
    smoke(folder)
    return folder


@pytest.fixture
def config(folder) -> DistilConfig:
    """A training of the small networks, with the losses of any."""
    return DistilConfig(
        photos=[str(folder / "photos")], styles=[str(folder / "styles")], teacher="none", joint_from=0, steps=2,
        batch=4, views=4, size=96, style_size=96, validate_every=2, save_every=1, precision="float32",
    )  # fmt: skip


def of_a_teacher(config: DistilConfig) -> TeacherConfig:
    """The same training, of the networks of a teacher."""
    return TeacherConfig(**{**asdict(config), "predictor": "inception", "transformer": "affine"})


def test_the_smoke_run_leaves_a_whole_teacher(folder):
    run = folder / "run"
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples"} <= {p.name for p in run.iterdir()}
    assert runs.read_config(run)["predictor"] == "inception"
    assert load_pair(run).transformer(torch.rand(1, 3, 96, 96), torch.zeros(1, 101)).shape == (1, 3, 96, 96)


def test_runs_of_one_name_have_style_spaces_of_their_own(folder, config, tmp_path):
    train(tmp_path / "run", replace(of_a_teacher(config), seed=1, steps=1, batch=1, views=1))
    ours, theirs = (load_pair(run).state["style_space"] for run in (folder / "run", tmp_path / "run"))
    assert len(ours) == len(theirs) == 12
    assert ours != theirs


def test_two_processes_learn_what_one_does_with_the_whole_batch(folder, config, tmp_path):
    config = replace(config, batch=2, views=2)
    (tmp_path / "two.py").write_text(TWO)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    command = [*torchrun, str(tmp_path / "two.py"), str(folder / "two"), repr(asdict(config))]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True, timeout=600)
    train(folder / "one", config)
    one, two = (load_pair(folder / name, "last.pt") for name in ("one", "two"))
    pictures, vectors = torch.rand(2, 3, 96, 96), torch.rand(2, 100)
    for network, inputs in (("predictor", [pictures]), ("transformer", [pictures, vectors])):
        ours, theirs = (getattr(pair, network)(*inputs) for pair in (one, two))
        assert torch.allclose(ours, theirs, atol=1e-4)


def test_every_fourth_step_trains_the_space_between_styles(folder, config):
    batches = Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, config)
    assert [int(batches[step]["mix"]) for step in range(8)] == [0, OWN, 0, 0, 0, NEIGHBOUR, 0, 0]
    assert 0 <= batches[1]["share"].min() <= batches[1]["share"].max() <= 1


def runs_of_pictures(folder: Path, kind: str) -> Pictures:
    return Pictures([folder / kind])


def test_a_mixture_aims_at_what_lies_between_both_ends():
    torch.manual_seed(0)
    losses = PerceptualLosses()
    photo, style = torch.rand(2, 2, 3, 96, 96)
    ends = losses.grams(photo), losses.grams(style)
    none, whole = (losses(photo, photo, mixed(*ends, torch.full((2,), share)))["style"] for share in (0.0, 1.0))
    half = losses(photo, photo, mixed(*ends, torch.full((2,), 0.5)))["style"]
    assert none.max() < 1e-6
    assert torch.all((half > none) & (half < whole))


def test_a_mix_of_neighbours_paints_with_vectors_between_them(folder, config):
    seen = {}

    class Seen(StyleTransformer):
        def forward(self, photo, vector):
            seen["vector"] = vector
            return super().forward(photo, vector)

    def predict(views):
        return views.mean((1, 2, 3))[:, None].expand(-1, 100)

    objective = Objective(torch.nn.Module(), Seen(), PerceptualLosses(), config)
    objective.predictor.forward = predict
    batch = Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, config)[5]
    objective(batch, joint=True)
    whole = keeping(predict(batch["views"]), 0)
    expected = torch.lerp(whole[[1, 0, 3, 2]], whole, batch["share"][:, None])
    assert torch.allclose(seen["vector"], expected, atol=1e-6)


def test_a_mix_with_the_photos_own_style_keeps_as_much_of_the_photo(folder, config):
    """The slider's path: the vector's first number is the share of the photo that is seen."""
    seen = {}

    class Seen(StyleTransformer):
        def forward(self, photo, vector):
            seen["kept"] = vector[:, KEPT]
            return super().forward(photo, vector)

    objective = Objective(MobileNetStylePredictor(), Seen(), PerceptualLosses(), config)
    batch = Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, config)[1]
    objective(batch, joint=True)
    assert torch.allclose(seen["kept"], 1 - batch["share"], atol=1e-6)


def test_the_predictor_learns_to_tell_photographs_from_paintings(folder, config):
    batches = Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, config)
    objective = Objective(MobileNetStylePredictor(), StyleTransformer(), PerceptualLosses(), config)
    batch = batches[0]
    assert batch["photographs"].tolist() == [True, False, False, False]
    torch.nn.init.zeros_(objective.predictor.head.weight)
    torch.nn.init.constant_(objective.predictor.head.bias, PAINTING)
    kept = objective(batch, joint=True)["kept"]
    assert kept.item() == pytest.approx((PHOTOGRAPH - PAINTING) ** 2 / 4, abs=1e-5)


@pytest.mark.parametrize(("count", "partners"), [(4, [1, 0, 3, 2]), (3, [1, 0, 2]), (1, [0])])
def test_neighbours_are_partners_within_pairs(count, partners):
    assert neighbours(count).tolist() == partners


def test_styles_are_compared_at_their_own_size_and_sharpened_where_they_were_enlarged(folder, config):
    batch = Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, config)[1]
    assert batch["styles"].shape == (4, 3, 96, 96)
    assert batch["soft"].all()  # made pictures have 64 px
    objective = Objective(MobileNetStylePredictor(), StyleTransformer(), PerceptualLosses(), config)
    torch.nn.init.constant_(objective.enlarger.last.bias, 0.1)
    sharpened = objective.sharpened(batch["styles"], torch.tensor([True, False, True, False]))
    changed = (sharpened - batch["styles"]).abs().amax((1, 2, 3)) > 0
    assert changed.tolist() == [True, False, True, False]
    assert torch.equal(objective.sharpened(batch["styles"], torch.zeros(4, dtype=torch.bool)), batch["styles"])


class Framed(AffineTransformer):
    """Paints the photo itself and, if there is a `grid`, brightens every eighth column of the canvas."""

    def __init__(self, grid: float):
        super().__init__()
        self.grid, self.boldness = grid, []

    def forward(self, photo, vector):
        self.boldness.append(vector[:, VECTOR])
        return photo + self.grid * (torch.arange(photo.shape[3]) % 8 == 0)


def objective_of(transformer, config) -> Objective:
    return Objective(MobileNetStylePredictor(), transformer, PerceptualLosses(), replace(config, marks_weight=1))


@pytest.fixture
def large(folder, config):
    """A batch of squares that are large enough for the loss on marks."""
    return Batches(*(runs_of_pictures(folder, kind) for kind in ("photos", "styles")), None, replace(config, size=160))[
        2
    ]


def test_marks_of_the_pixel_grid_cost_and_what_moves_with_the_photo_does_not(large, config):
    none, some = (objective_of(Framed(grid), config)(large, joint=True)["marks"] for grid in (0.0, 0.3))
    assert none == 0
    assert some > 0.01


def test_every_photo_is_painted_with_its_own_boldness(large, config):
    objective = objective_of(Framed(0), config)
    objective(large, joint=True)
    assert torch.equal(objective.transformer.boldness[0], large["boldness"])
    assert large["boldness"].unique().numel() == 4


def test_with_more_boldness_detail_counts_less_and_style_and_strokes_count_more(config):
    objective, none = objective_of(Framed(0), config), torch.zeros(2)
    careful_and_bold = torch.tensor([0.0, 1.0])
    costs = {
        name: objective._perceptual({"style": none, "strokes": none, "detail": none, name: none + 1}, careful_and_bold)
        for name in ("style", "strokes", "detail")
    }
    assert costs["detail"][0] == pytest.approx(16 * costs["detail"][1])
    for name in ("style", "strokes"):
        assert costs[name][1] == pytest.approx(4 * costs[name][0])


def test_boldness_is_learnt_alone_and_leaves_vectors_and_usual_pictures_as_they_were(config, tmp_path):
    start = make_teacher(tmp_path / "start")
    train(
        tmp_path / "run",
        replace(config, transformer="bold", boldness_alone=True, start=str(start), batch=2, views=2, ema=0.0),
    )
    before, after = load_pair(start), load_pair(tmp_path / "run", "last.pt")
    assert after.transformer.bolder[1].weight.abs().sum() > 0
    for network in ("predictor", "transformer"):
        learnt = getattr(after, network).state_dict()
        assert all(torch.equal(value, learnt[name]) for name, value in getattr(before, network).state_dict().items())
    assert load_pair(tmp_path / "run").state["style_space"] == "smoke"
    with pytest.raises(BadConfig, match="name a trained run with --start"):
        replace(config, transformer="bold", boldness_alone=True).check()


def test_the_first_steps_of_a_distillation_train_the_predictor_alone(folder, config, tmp_path):
    teacher = make_teacher(tmp_path / "teacher")
    alone = {"teacher": str(teacher), "start": str(teacher), "batch": 2, "vector_steps": 2, "predictor_steps": 2}
    train(tmp_path / "run", replace(config, **alone))
    before, after = load_pair(teacher), load_pair(tmp_path / "run", "last.pt")
    unchanged = zip(before.transformer.parameters(), after.transformer.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in unchanged)
    assert not torch.equal(before.predictor.head.weight, after.predictor.head.weight)


def test_large_styles_are_cropped_down_to_what_the_losses_compare_at(folder, config, tmp_path):
    for name, side in (("large", 192), ("small", 96)):
        Image.new("RGB", (side, side)).save(tmp_path / f"{name}.png")
    batches = Batches(Pictures([folder / "photos"]), Pictures([tmp_path]), None, config)
    widths = {batches._style(step, 1).width for step in range(2, 40) if (step + 1) % 12 != 0}
    assert min(width for width in widths if width > 96) < 130
    assert min(widths) >= 0.9 * 96 - 1


def test_muon_leaves_depthwise_kernels_and_biases_alone():
    network = StyleTransformer()
    shapes = {p.shape for p in matrices(network)}
    assert (64, 64, 1, 1) in shapes
    assert all(shape[0] > 16 and shape[1] > 1 for shape in shapes)


def test_muons_update_moves_all_directions_alike():
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(64, 20) * torch.logspace(-1, 1, 20)))
    assert values.max() / values.min() < 3


def test_muon_resumes_where_it_stopped():
    def step(optimiser, weight, count):
        for _ in range(count):
            weight.grad = weight.detach().clone()
            optimiser.step()

    whole, first, second = (torch.nn.Parameter(torch.eye(20)) for _ in range(3))
    step(Muon([whole], 0.1), whole, 4)
    former, later = Muon([first], 0.1), Muon([second], 0.1)
    step(former, first, 2)
    later.load_state_dict(former.state_dict())
    second.data.copy_(first.data)
    step(later, second, 2)
    assert torch.equal(whole, second)


def test_a_loss_that_is_no_number_keeps_the_last_good_checkpoint(config, tmp_path, monkeypatch):
    run, config = tmp_path / "nan", replace(config, batch=2, views=2)
    train(run, replace(config, steps=1, validate_every=1))
    good = (run / "last.pt").read_bytes()
    monkeypatch.setattr("training.style.losses.relative", lambda a, *_: a.flatten(1).sum(1) * float("nan"))
    with pytest.raises(Exception, match="'style' is nan at step 1"):
        runs.write_json(run / "config.json", {**runs.read_config(run), "steps": 2})
        train(run, config, resume=True)
    assert (run / "last.pt").read_bytes() == good


def test_bad_options_are_said_in_one_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("training.style.recipe.check_folders", lambda config: None)
    monkeypatch.setattr("training.style.recipe.open_weights", lambda config: {})
    pictures = make_pictures(tmp_path / "pictures", 1, 4)
    options = ["--photos", str(pictures), "--styles", str(pictures), "--teacher", "none", "--joint-from", "5"]
    with pytest.raises(SystemExit, match="leave --joint-from at 0"):
        main([*options, "--run", str(tmp_path / "run")])


def test_what_is_no_enlarger_is_refused_in_one_sentence(folder, config):
    with pytest.raises(runs.NotARun, match=r"holds no enlarger: name a run of training\.style\.train_enlarger"):
        open_weights(replace(config, enlarger=str(folder / "run")))
