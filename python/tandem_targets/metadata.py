"""What a target store says about itself, read from text and checked."""

from __future__ import annotations

import math
import re
import zlib
from dataclasses import dataclass

from tandem_targets.encodings import Encoding

FORMAT = "target-store-1"
GRANULARITIES = ("class", "cluster", "sample", "pool", "view")
CONTENTS = ("probs", "logits", "features")


@dataclass(frozen=True)
class StoreMetadata:
    """The metadata of docs/target-store.md, under the same names without "tandem."."""

    granularity: str
    epochs: int
    content: str
    width: int
    classes: int
    samples: int
    keys: int
    temperature: float
    fusion: str
    encoding: Encoding
    block_rows: int
    dataset: str
    dataset_fingerprint: str
    image_shape: tuple[int, int, int]
    images_crc32: int
    labels_crc32: int
    teacher: str
    teacher_fingerprint: str
    views: str
    views_fingerprint: str
    view_seed: int
    tables_crc32: int

    @classmethod
    def parse(cls, entries: dict[str, str]) -> StoreMetadata:
        """Reads the metadata of a file. ValueError that names the key for all that is amiss."""
        fields = _Fields(entries)
        fields.one_of("format", (FORMAT,))  # first: of another format nothing else is known
        fields.check_crc()
        metadata = cls(
            granularity=fields.one_of("granularity", GRANULARITIES),
            epochs=fields.count("epochs"),
            content=fields.one_of("content", CONTENTS),
            width=fields.count("width"),
            classes=fields.count("classes"),
            samples=fields.count("samples"),
            keys=fields.count("keys"),
            temperature=fields.positive("temperature"),
            fusion=fields.text("fusion"),
            encoding=fields.encoding("encoding"),
            block_rows=fields.count("block_rows"),
            dataset=fields.text("dataset"),
            dataset_fingerprint=fields.text("dataset_fingerprint"),
            image_shape=fields.image_shape("image_shape"),
            images_crc32=fields.crc("images_crc32"),
            labels_crc32=fields.crc("labels_crc32"),
            teacher=fields.text("teacher"),
            teacher_fingerprint=fields.text("teacher_fingerprint"),
            views=fields.text("views"),
            views_fingerprint=fields.text("views_fingerprint"),
            view_seed=fields.number("view_seed", 0, (1 << 64) - 1),
            tables_crc32=fields.crc("tables_crc32"),
        )
        metadata._check_sizes()
        return metadata

    def _check_sizes(self) -> None:
        if self.granularity not in ("pool", "view") and self.epochs != 1:
            raise ValueError(
                f"tandem.epochs: expected 1 for granularity {self.granularity}, got {self.epochs}"
            )
        keys = {"class": self.classes, "cluster": self.keys}.get(
            self.granularity, self.epochs * self.samples
        )
        if self.keys != keys:
            raise ValueError(
                f"tandem.keys: expected {keys} for granularity {self.granularity}, got {self.keys}"
            )
        if self.content != "features" and self.width != self.classes:
            raise ValueError(
                f"tandem.width: expected {self.classes} for {self.content} of as many classes, "
                f"got {self.width}"
            )


class _Fields:
    """Texts by key, read as what they mean; every complaint names the key and what it holds."""

    def __init__(self, entries: dict[str, str]) -> None:
        self._entries = entries

    def text(self, name: str) -> str:
        key = f"tandem.{name}"
        if key not in self._entries:
            raise ValueError(f"expected metadata '{key}', got none")
        return self._entries[key]

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        if (text := self.text(name)) not in known:
            raise self._unlike(name, " or ".join(known))
        return text

    def number(self, name: str, low: int, high: int) -> int:
        text = self.text(name)
        if not re.fullmatch("0|[1-9][0-9]{0,19}", text) or not low <= int(text) <= high:
            raise self._unlike(name, f"a number in {low}..{high}")
        return int(text)

    def count(self, name: str) -> int:
        return self.number(name, 1, (1 << 63) - 1)

    def positive(self, name: str) -> float:
        try:
            value = float(self.text(name))
        except ValueError:
            value = math.nan
        if not 0 < value < math.inf:
            raise self._unlike(name, "a positive number")
        return value

    def crc(self, name: str) -> int:
        text = self.text(name)
        if not re.fullmatch("[0-9a-f]{8}", text):
            raise self._unlike(name, "8 lower-case hexadecimal digits")
        return int(text, 16)

    def encoding(self, name: str) -> Encoding:
        try:
            return Encoding.parse(self.text(name))
        except ValueError as error:
            raise ValueError(f"tandem.{name}: {error}") from None

    def image_shape(self, name: str) -> tuple[int, int, int]:
        text = self.text(name)
        if not re.fullmatch("[1-9][0-9]{0,8}( [1-9][0-9]{0,8}){2}", text):
            raise self._unlike(name, "'channels height width'")
        channels, height, width = map(int, text.split())
        return channels, height, width

    def check_crc(self) -> None:
        stated = self.crc("header_crc32")
        # Python orders texts by code points, which is the byte order of their UTF-8.
        lines = "".join(
            f"{key}={value}\n"
            for key, value in sorted(self._entries.items())
            if key != "tandem.header_crc32"
        )
        found = zlib.crc32(lines.encode("utf-8", "surrogatepass"))
        if found != stated:
            raise ValueError(
                f"tandem.header_crc32: expected {stated:08x}, the metadata have {found:08x}"
            )

    def _unlike(self, name: str, expected: str) -> ValueError:
        return ValueError(f"tandem.{name}: expected {expected}, got '{self.text(name)}'")
