//! The engine's state machines, fed by hand: what each asks for, and that no answer is ever lost.

mod pace;
mod sync;
mod transfers;
