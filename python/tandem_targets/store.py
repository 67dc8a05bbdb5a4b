"""Target stores: the targets of a teacher, made once and read at random (docs/target-store.md)."""

from __future__ import annotations

import zlib
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem_targets.encodings import Layout
from tandem_targets.errors import StoreError
from tandem_targets.metadata import StoreMetadata
from tandem_targets.safetensors import map_safetensors
from tandem_targets.views import ViewPolicy


class TargetStore:
    """A store that is mapped, not loaded: a batch touches its own rows and their blocks' checksums.

    Sample i is place i in the store's order, which is sample `samples[i]` of the training split;
    keys of views are made of i too.
    """

    def __init__(
        self,
        path: Path,
        metadata: StoreMetadata,
        rows: dict[str, NDArray],
        tables: dict[str, NDArray],
    ) -> None:
        """For `open`, which checks what it passes."""
        self._path = path
        self._metadata = metadata
        self._rows = rows
        self._tables = tables
        self._verified = np.zeros(len(tables["checksums"]), np.bool_)

    @classmethod
    def open(cls, path: str | Path) -> TargetStore:
        """Maps a store and checks its header and tables; rows are checked when first read.

        Raises StoreError that names the path for whatever is not as docs/target-store.md says.
        """
        path = Path(path)
        file = map_safetensors(path)
        try:
            metadata = StoreMetadata.parse(file.metadata)
            row_layout = metadata.encoding.layout(metadata.content, metadata.width)
            layout = {
                name: (dtype, (metadata.keys, *shape))
                for name, (dtype, shape) in row_layout.items()
            }
            tables = _table_layout(metadata, file.tensors)
            _check_layout(file.tensors, layout | tables)
            store = cls(
                path,
                metadata,
                {name: file.tensors[name] for name in sorted(layout)},
                {name: file.tensors[name] for name in sorted(tables)},
            )
            store._check_tables()
        except ValueError as error:
            raise StoreError(f"{path}: {error}") from None
        return store

    @property
    def metadata(self) -> StoreMetadata:
        """Everything that the file says about itself."""
        return self._metadata

    @property
    def content(self) -> str:
        """What a target is: "probs", "logits" or "features"."""
        return self._metadata.content

    @property
    def granularity(self) -> str:
        """Who share one: the views of a "class", "cluster" or "sample", or of an epoch in a "pool"
        of epochs; or nobody ("view")."""
        return self._metadata.granularity

    @property
    def width(self) -> int:
        """Scalars of one decoded target."""
        return self._metadata.width

    @property
    def temperature(self) -> float:
        """At which probs were softened; 1 for others."""
        return self._metadata.temperature

    @cached_property
    def policy(self) -> ViewPolicy:
        """Under which the teacher saw the views. ValueError if this package does not know it."""
        return ViewPolicy.parse(self._metadata.views)

    @property
    def view_seed(self) -> int:
        """Seed of the views that the teacher saw."""
        return self._metadata.view_seed

    @property
    def samples(self) -> NDArray[np.int64]:
        """Index within the training split of each of the store's samples, int64 [n]."""
        return self._tables["samples"]

    @property
    def pca(self) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Mean [F] and basis [width, F] of features stored as `(features - mean) basis^T`."""
        if "pca_mean" not in self._tables:
            return None
        return self._tables["pca_mean"], self._tables["pca_basis"]

    def check_dataset(self, images: ArrayLike, labels: ArrayLike) -> None:
        """Raises StoreError unless these are the very samples the store was made of, in its order.

        `images` is uint8 [n, channels, height, width] and `labels` integers [n]: of the training
        split, those at `samples`.
        """
        images, labels = np.asarray(images), np.asarray(labels)
        shape = (self._metadata.samples, *self._metadata.image_shape)
        where = f"{self._path}: made of {self._metadata.dataset}"
        if images.dtype != np.uint8 or images.shape != shape:
            raise StoreError(
                f"{where}: expected images uint8 {list(shape)}, those of the training split at "
                f"store.samples; got {images.dtype} {list(images.shape)}"
            )
        if labels.dtype.kind not in "iu" or labels.shape != shape[:1]:
            raise StoreError(
                f"{where}: expected integer labels {list(shape[:1])}, "
                f"got {labels.dtype} {list(labels.shape)}"
            )
        for what, array, expected in (
            ("images", images, self._metadata.images_crc32),
            ("labels", labels.astype("<i8"), self._metadata.labels_crc32),
        ):
            found = zlib.crc32(np.ascontiguousarray(array))
            if found != expected:
                raise StoreError(
                    f"{where}: expected {what} with CRC-32 {expected:08x}, got {found:08x}: "
                    "other samples, or the same in another order"
                )

    def view_epochs(self, epochs: ArrayLike) -> NDArray[np.int64]:
        """Epochs at which to draw the views of the visits `epochs` so that targets belong to them:
        `epoch mod K` for a pool of K epochs, the epoch itself otherwise."""
        epochs = np.asarray(epochs)
        return epochs % self._metadata.epochs if self.granularity == "pool" else epochs

    def rows(
        self, indices: ArrayLike, epochs: ArrayLike = 0, labels: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """Rows of the targets of samples `indices` [b] on visits `epochs` ([b] or one), int64 [b].

        A store per class needs the samples' `labels` [b] as well. Raises ValueError for an index, a
        label or an epoch that the store does not hold.
        """
        count = self._metadata.samples
        indices = _within(indices, count, "sample")
        epochs = np.broadcast_to(np.asarray(epochs, np.int64), indices.shape)
        if self.granularity == "class":
            if labels is None:
                raise ValueError(f"{self._path}: a store per class: expected labels, got none")
            labels = _within(labels, self._metadata.classes, "label")
            if labels.shape != indices.shape:
                raise ValueError(f"expected {len(indices)} labels, got {list(labels.shape)}")
            return labels
        if self.granularity == "cluster":
            return self._tables["clusters"][indices]
        if self.granularity == "sample":
            return indices
        if self.granularity == "pool":
            epochs = _within(epochs, 1 << 32, "epoch")
            return self.view_epochs(epochs) * count + indices
        return _within(epochs, self._metadata.epochs, "stored epoch") * count + indices

    def read(self, rows: ArrayLike) -> NDArray[np.float32]:
        """The targets in `rows` [b] (see `rows`), decoded, fp32 [b, width].

        Raises StoreError for a block that is not what was written, ValueError for a row that does
        not exist.
        """
        rows = _within(rows, self._metadata.keys, "row")
        self._verify(rows // self._metadata.block_rows)
        parts = {name: tensor[rows] for name, tensor in self._rows.items()}
        return self._metadata.encoding.decode(parts, self.content, self.width)

    def _verify(self, blocks: NDArray[np.int64]) -> None:
        for block in np.unique(blocks[~self._verified[blocks]]).tolist():
            begin = block * self._metadata.block_rows
            end = min(begin + self._metadata.block_rows, self._metadata.keys)
            parts = {name: tensor[begin:end] for name, tensor in self._rows.items()}
            found = 0
            for part in parts.values():
                found = zlib.crc32(part, found)
            expected = int(self._tables["checksums"][block])
            where = f"{self._path}: rows {begin}..{end - 1}"
            if found != expected:
                raise StoreError(f"{where}: expected CRC-32 {expected:08x}, got {found:08x}")
            if fault := self._metadata.encoding.find_fault(parts, self.width):
                raise StoreError(f"{where}: {fault}")
            self._verified[block] = True

    def _check_tables(self) -> None:
        found = 0
        for table in self._tables.values():
            found = zlib.crc32(table, found)
        if found != self._metadata.tables_crc32:
            raise ValueError(
                f"tables ({', '.join(self._tables)}): expected CRC-32 "
                f"{self._metadata.tables_crc32:08x}, got {found:08x}"
            )
        _within(self.samples, 1 << 63, "entry of samples")
        if "clusters" in self._tables:
            _within(self._tables["clusters"], self._metadata.keys, "entry of clusters")


def _table_layout(metadata: StoreMetadata, tensors: dict[str, NDArray]) -> Layout:
    """Dtype and shape of the tensors other than rows."""
    int64, fp32 = np.dtype("<i8"), np.dtype("<f4")
    layout: Layout = {
        "checksums": (int64, (-(-metadata.keys // metadata.block_rows),)),
        "samples": (int64, (metadata.samples,)),
    }
    if metadata.granularity == "cluster":
        layout["clusters"] = (int64, (metadata.samples,))
    if metadata.content == "features" and ("pca_mean" in tensors or "pca_basis" in tensors):
        features = tensors["pca_mean"].size if "pca_mean" in tensors else 0
        layout["pca_mean"] = (fp32, (features,))
        layout["pca_basis"] = (fp32, (metadata.width, features))
    return layout


def _check_layout(tensors: dict[str, NDArray], layout: Layout) -> None:
    if tensors.keys() != layout.keys():
        raise ValueError(
            f"expected tensors {', '.join(sorted(layout))}; got {', '.join(sorted(tensors))}"
        )
    for name, (dtype, shape) in layout.items():
        found = tensors[name]
        if found.dtype != dtype or found.shape != shape:
            raise ValueError(
                f"tensor '{name}': expected {dtype.name} {list(shape)}, "
                f"got {found.dtype.name} {list(found.shape)}"
            )


def _within(values: ArrayLike, count: int, what: str) -> NDArray[np.int64]:
    """Integers in 0..count-1 as int64 [b], or ValueError that says `what` they are."""
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(f"{what}: expected integers [b], got {array.dtype} {list(array.shape)}")
    if array.size and (array.min() < 0 or array.max() >= count):
        wrong = array.min() if array.min() < 0 else array.max()
        raise ValueError(f"{what}: expected 0..{count - 1}, got {wrong}")
    return array.astype(np.int64)
