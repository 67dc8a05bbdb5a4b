"""Commands that take a fraction of a second, what is there before each, and what they must keep."""
import dataclasses
import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from command_line import CLASSES, write_idx  # noqa: E402
from score_test import write_png  # noqa: E402

SIDE, TRAIN, TEST = 8, 80, 40
WITHOUT = os.environ.get("TANDEM_WITHOUT", "").split()  # libraries that this build lacks
FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")

DATA = ("data.folder=data", "data.validation=20")
MODEL = ("model.name=mlp", "model.width=4", "views.policy=pad-crop:1,flip")
TRAINING = ("train", *DATA, *MODEL, "train.batch=20", "train.steps=4", "train.evaluations=2")
PICTURES = ("data.name=image-folder", "data.folder=pictures", "data.size=8", "data.validation=10")
LABELLING = ("label", *DATA, "views.policy=pad-crop:1,flip", "target.content=probs",
             "target.teacher=teachers/strong.safetensors", "--workers", "1")
TEACHING = ("teach", "ladder.toml", "--out", "teachers")
STUDY = ("study", "run", "study.toml", "--out", "out", "--workers", "1")

LADDER_FILE = """
rungs = ["weak", "strong"]
steps = [2, 4]
views.policy = "none"
model = { name = "mlp", width = 4 }
train = { batch = 20, steps = 4 }
data = { name = "fashion-mnist", folder = "data", validation = 20 }
"""

STUDY_FILE = """
name = "tiny"
seeds = [0]
rates = [0.05]
budgets = [4]
[teach]
rungs = ["strong"]
steps = [4]
views.policy = "none"
model = { name = "mlp", width = 4 }
train = { batch = 20, steps = 4, rate = 0.1 }
[base]
data = { name = "fashion-mnist", folder = "data", validation = 20 }
views.policy = "none"
model = { name = "mlp", width = 4 }
train = { batch = 20, steps = 4, schedule = "constant", evaluations = 2 }
[[cell]]
target = { granularity = "class", content = "one-hot" }
[[cell]]
target = { granularity = "sample", content = "probs", teacher = "strong" }
"""


@dataclasses.dataclass(frozen=True)
class SmallRun:
    name: str
    arguments: tuple
    before: tuple = ()  # commands, undisturbed
    kept: tuple = ()    # patterns of files that stand there before and must stay as they are
    settings: dict = dataclasses.field(default_factory=dict)  # of Program.run
    timed: tuple = ()   # patterns of files with times in their text, of which only the name counts
    refuses_again: bool = False  # where its result is there


REPORT = ("out/report/*",)

RUNS = (
    SmallRun("teach", TEACHING, settings={"tick_s": 16}),
    SmallRun("label", (*LABELLING, "target.granularity=view", "store.epochs=2", "--out", "store"),
             before=(TEACHING, (*LABELLING, "target.granularity=sample", "--out", "other")),
             kept=("teachers/*", "other*")),
    SmallRun("train", (*TRAINING, "train.rate=0.1", "--out", "run"),
             before=((*TRAINING, "train.rate=0.2", "--out", "earlier"),), kept=("earlier/**/*",),
             settings={"tick_s": 16}),
    SmallRun("train from a store", (*TRAINING, "target.store=store", "--out", "run"),
             before=(TEACHING, (*LABELLING, "target.granularity=sample", "--out", "store")),
             kept=("teachers/*", "store*")),
    SmallRun("train on pictures",
             ("train", *PICTURES, *MODEL, "train.batch=10", "train.steps=2", "--out", "run"),
             settings={"cache": "cache"}),
    SmallRun("train on pictures without the bad",
             ("train", *PICTURES, *MODEL, "data.skip_bad=true", "train.batch=10", "train.steps=2",
              "--out", "run"), settings={"cache": "cache"}),
    SmallRun("study", STUDY, timed=REPORT),
    SmallRun("study with checkpoints", STUDY, timed=REPORT, settings={"tick_s": 16}),
    SmallRun("study of more seeds", (*STUDY, "seeds=[0, 1]"), before=(STUDY,),
             kept=("out/trials/**/*", "out/teachers/**/*", "out/targets/**/*"), timed=REPORT),
    SmallRun("report", ("report", "out", "--out", "page"), before=(STUDY,), kept=("out/**/*",)),
    SmallRun("score by a teacher",
             ("score", "confidence", *DATA, "teacher=teachers/strong.safetensors",
              "--out", "scores"),
             before=(TEACHING,), kept=("teachers/*",), refuses_again=True),
    SmallRun("score by forgetting",
             ("score", "forgetting", *DATA, *MODEL, "train.batch=20", "train.epochs=2", "seeds=[0]",
              "--out", "scores"), refuses_again=True),
    SmallRun("encode a store", ("store", "encode", "store", "--encoding", "u8", "--out", "small"),
             before=(TEACHING, (*LABELLING, "target.granularity=sample", "--out", "store")),
             kept=("teachers/*", "store*"), refuses_again=True),
    SmallRun("contact sheet",
             ("data", "show", "fashion-mnist", "--folder", "data", "--png", "sheet.png")),
    *([SmallRun("fetch",
                ("data", "fetch", "fashion-mnist", "--folder", "got", "--from", FASHION_MNIST))]
      if FASHION_MNIST.exists() and "openssl" not in WITHOUT else []),
)


def write_inputs(folder, shared):
    """Class c is a bright bar in row c mod 8 of noise, as idx files and as pictures.

    Pictures are the same files in every copy of `folder`, since they are known by inode and times.
    """
    noise = random.Random(1)

    def image(label):
        pixels = bytearray(noise.randrange(100) for _ in range(SIDE * SIDE))
        for x in range(SIDE):
            pixels[label % SIDE * SIDE + x] += 50 + 10 * label
        return bytes(pixels)

    (folder / "data").mkdir()
    for name, size in (("train", TRAIN), ("t10k", TEST)):
        labels = bytes(i % CLASSES for i in range(size))
        write_idx(folder / "data" / f"{name}-images-idx3-ubyte", (size, SIDE, SIDE),
                  b"".join(map(image, labels)))
        write_idx(folder / "data" / f"{name}-labels-idx1-ubyte", (size,), labels)
    for part, size in (("train", 20), ("val", 4)):
        for label in range(2):
            for k in range(size):
                write_png(shared / "pictures" / part / f"class-{label}" / f"{k}.png", SIDE,
                          image(label))
    (folder / "pictures").symlink_to(shared / "pictures")
    (folder / "ladder.toml").write_text(LADDER_FILE)
    (folder / "study.toml").write_text(STUDY_FILE)
