//! Stories of the mirror.
