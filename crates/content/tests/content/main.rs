//! Stories of contents, from outside.
