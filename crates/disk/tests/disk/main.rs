//! Stories of disks, from outside.
