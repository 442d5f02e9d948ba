"""The watch: asks FDA's own hosts what is new, and hands what changed to people as a batch. It writes no fact."""
