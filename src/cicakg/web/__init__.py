"""HTTP: the SPARQL endpoint, the resolvable IRIs and the pages. Evaluates no query in its own process."""
