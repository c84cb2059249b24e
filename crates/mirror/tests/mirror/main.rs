//! Stories of the mirror, told from outside.

mod cells;
mod convergence;
mod world;
