//! File formats that are not pages: spreadsheets, letters, mail, archives, accounting files.
//!
//! Each is written by the library that the field knows; only the FEC and CSV, which are plain text, are written here.

pub(crate) mod bundle;
pub(crate) mod ledger;
pub(crate) mod letter;
pub(crate) mod mail;
pub(crate) mod photo;
pub(crate) mod sheet;
