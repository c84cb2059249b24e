//! The table of what is planned.
