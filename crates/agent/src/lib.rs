//! The desktop's engine without a window: sync loop, transfers, mirror, and the command line gedeon.
