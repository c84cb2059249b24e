//! The real window, driven by WebDriver on the display that `cargo xtask test --only window` opens.

mod desk;
mod driver;
mod firm;
mod hand;
mod opening;
mod stories;
