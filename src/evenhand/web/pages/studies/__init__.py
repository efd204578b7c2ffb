"""What the study page shows, made ready for its templates."""
