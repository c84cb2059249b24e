//! The rules of the domain, as tables of examples and as laws.

mod access;
mod companies;
mod fiscal_years;
mod identities;
mod names;
mod texts;
mod trees;
