"""Writes the dataset to files: sorted, byte-identical from run to run, put in place only when complete."""

from cicakg.export.dataset import DATASET_FORMATS, DatasetFormat, write_dataset
from cicakg.export.files import write_atomically

__all__ = ["DATASET_FORMATS", "DatasetFormat", "write_atomically", "write_dataset"]
