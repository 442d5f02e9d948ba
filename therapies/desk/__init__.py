"""The registrars' desk at ``/desk/``: its screens and their verbs."""
