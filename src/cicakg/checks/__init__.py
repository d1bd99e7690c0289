"""Checks the dataset and says what is wrong, where, and what to do. Changes nothing."""
