"""From text to a resolved, type-checked rule."""
