"""The way to clinical trials: what somebody looks for becomes links to the public registers. Nothing is asked there."""
