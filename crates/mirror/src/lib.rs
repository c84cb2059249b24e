//! Disk and store held in agreement: observer, planner, executor.

pub mod plan;
pub mod trees;
mod view;
