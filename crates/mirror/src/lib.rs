//! Disk and store held in agreement: observer, planner, executor.
