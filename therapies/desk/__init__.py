"""The desk for FDA data at ``/desk/``: its screens and their verbs."""
