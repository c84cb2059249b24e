//! The store, told from outside.

mod control;
