"""A package, so that no installed one of this name, such as torch-fidelity's, is imported in its place."""
