//! The interface's types are generated from this crate and committed; this test fails when they differ.

mod typescript;
