"""The analysis datasets, with documented columns, and their form as CSV and Parquet."""

from evenhand.analysis.datasets.all import datasets
from evenhand.analysis.datasets.parquet import parquet_of
from evenhand.analysis.datasets.table import Column, Dataset, csv_of, dictionary_of

__all__ = ["Column", "Dataset", "csv_of", "datasets", "dictionary_of", "parquet_of"]
