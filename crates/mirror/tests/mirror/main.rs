//! Stories of the mirror, told from outside.

mod cells;
mod convergence;
mod office;
mod stories;
mod world;
