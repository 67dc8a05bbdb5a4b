"""Reads Tandem's target stores and replays the views that their targets belong to."""

from tandem_targets.errors import StoreError
from tandem_targets.keys import RandomStreams, Stream, permutation
from tandem_targets.metadata import StoreMetadata
from tandem_targets.operations import NO_OPERATION, OperationKind
from tandem_targets.pixels import apply_views, channel_statistics, normalise
from tandem_targets.store import TargetStore
from tandem_targets.views import ViewPolicy, Views

__all__ = [
    "NO_OPERATION",
    "OperationKind",
    "RandomStreams",
    "StoreError",
    "StoreMetadata",
    "Stream",
    "TargetStore",
    "ViewPolicy",
    "Views",
    "apply_views",
    "channel_statistics",
    "normalise",
    "permutation",
]
__version__ = "0.1.0"
