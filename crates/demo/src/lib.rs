//! The demonstration firm: a whole French accounting firm made from a seed, with its documents.
//!
//! [`demonstration_firm`] plans the firm as plain data; the bytes of a document are rendered on demand by
//! [`Version::bytes`], so that the firm never has to stand in memory at once. The documents tell one story: the
//! invoices, bank statements, payslips and VAT returns of a client file are those of its accounting entries, from
//! which the FEC, the balance and the annual accounts are made too.
//!
//! The same seed gives the same bytes on every machine. Nothing here reads a clock, a disk or the network, and
//! nothing knows the commands that will bring the firm into a store.

mod books;
mod chance;
mod companies;
mod content;
mod documents;
mod files;
mod firm;
mod french;
mod identifiers;
mod invoice;
mod money;
mod page;
mod payroll;
mod plan;

pub use firm::{
    Assignment, Author, ClientFile, Collaborator, Comment, Contact, Document, Firm, Review, Role, TODAY, Version,
};
pub use invoice::{Direction, Invoice, InvoiceLine, Party, VatTotal};
pub use money::{Cents, VatRate};
pub use plan::demonstration_firm;
