"""What a SPARQL request is: its formats, its budget and the outline of its text. Evaluates nothing."""
