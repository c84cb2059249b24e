//! What is written on the documents: each module turns facts into pages, reports or tables.

pub(crate) mod accounts;
pub(crate) mod invoice;
pub(crate) mod legal;
pub(crate) mod letters;
pub(crate) mod payslip;
pub(crate) mod receipt;
pub(crate) mod returns;
pub(crate) mod statement;
pub(crate) mod workings;
