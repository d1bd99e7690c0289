"""The annotator's tools: a text's spans, the dataset's names, what has been read and what has not.

They read the dataset and the articles' texts and say what they found; what enters the dataset is the
annotator's decision.
"""
