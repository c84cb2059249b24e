//! Builders, fake clock and ids, and the simulator.
