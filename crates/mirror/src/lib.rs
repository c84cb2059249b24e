//! Disk and store held in agreement: the mirror of a firm's client files in a folder.
//!
//! Three trees keyed by node (what is on the disk, what the firm has, what both agreed on last) are compared by a pure
//! planner; an observer keeps the first of them true, an executor carries plans out. A change on the disk becomes a
//! command, a row becomes an operation on the disk. The mirror never speaks to the network.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a unit of work is not a function of all its lifetimes"
)]

mod desk;
mod execute;
mod generation;
mod mirror;
mod observe;
mod place;
pub mod plan;
mod recover;
mod sight;
pub mod trees;
mod view;

pub use mirror::{Context, Effect, Error, Event, Mirror, path_of};
pub use place::{PlaceProblem, choose, is_marked, is_mirror, is_of_another};
