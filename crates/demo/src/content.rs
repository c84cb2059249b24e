//! The content of a version, kept as facts and rendered on demand.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::books::YearBooks;
use crate::companies::Company;
use crate::documents::receipt::Receipt;
use crate::documents::statement::Statement;
use crate::documents::{accounts, invoice, payslip};
use crate::files::mail::Mail;
use crate::files::sheet::Workbook;
use crate::files::{bundle, ledger, letter, photo};
use crate::invoice::Invoice;
use crate::money::Cents;
use crate::page::Report;
use crate::payroll::Payslip;

/// What a version holds, before it is bytes. Numbers called `noise` decide of the grain of a scan.
#[derive(Clone)]
pub(crate) enum Content {
    /// PDF.
    Invoice(Arc<Invoice>),
    /// PDF of pictures.
    ScannedInvoice(Arc<Invoice>, u64),
    /// JPEG.
    PhotographedInvoice(Arc<Invoice>, u64),
    /// PDF.
    Statement(Arc<Statement>),
    /// PDF.
    Payslip(&'static Company, Arc<Payslip>),
    /// PDF.
    Report(Arc<Report>),
    /// PDF of pictures.
    ScannedReport(Arc<Report>, u64),
    /// PNG of the first page.
    Screenshot(Arc<Report>),
    /// DOCX.
    Letter(Arc<Report>),
    /// JPEG.
    Receipt(Arc<Receipt>, u64),
    /// XLSX.
    Workbook(Arc<Workbook>),
    /// Text with tabs.
    Fec(Arc<YearBooks>),
    /// PDF of many pages.
    GeneralLedger(&'static Company, Arc<YearBooks>),
    /// CSV: balance before, movements.
    BankExport(Cents, Arc<[(NaiveDate, String, Cents)]>),
    /// EML.
    Mail(Arc<Mail>),
    /// ZIP: name, date, content.
    Bundle(Arc<[(String, NaiveDate, Content)]>),
    /// HEIC.
    Photo(u64),
}

impl Content {
    /// Renders the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Invoice(data) => invoice::paper(data).to_pdf(),
            Self::ScannedInvoice(data, noise) => invoice::paper(data).to_scanned_pdf(*noise),
            Self::PhotographedInvoice(data, noise) => invoice::paper(data).to_scan(0, *noise),
            Self::Statement(statement) => statement.paper().to_pdf(),
            Self::Payslip(company, slip) => payslip::paper(company, slip).to_pdf(),
            Self::Report(report) => report.paper().to_pdf(),
            Self::ScannedReport(report, noise) => report.paper().to_scanned_pdf(*noise),
            Self::Screenshot(report) => report.paper().to_screenshot(0),
            Self::Letter(report) => letter::bytes(report),
            Self::Receipt(receipt, noise) => receipt.paper().to_scan(0, *noise),
            Self::Workbook(workbook) => workbook.bytes(),
            Self::Fec(books) => ledger::fec(books),
            Self::GeneralLedger(company, books) => accounts::general_ledger(company, books).paper().to_pdf(),
            Self::BankExport(opening, movements) => ledger::bank_export(*opening, movements),
            Self::Mail(mail) => mail.bytes(),
            Self::Bundle(files) => bundle::bytes(files),
            Self::Photo(seed) => photo::bytes(*seed),
        }
    }

    /// The invoice that is shown, if it is one.
    pub(crate) fn invoice(&self) -> Option<&Invoice> {
        match self {
            Self::Invoice(invoice) | Self::ScannedInvoice(invoice, _) | Self::PhotographedInvoice(invoice, _) => {
                Some(invoice)
            }
            _ => None,
        }
    }

    /// Extension of its files.
    pub(crate) fn extension(&self) -> &'static str {
        match self {
            Self::Invoice(_)
            | Self::ScannedInvoice(..)
            | Self::Statement(_)
            | Self::Payslip(..)
            | Self::Report(_)
            | Self::ScannedReport(..)
            | Self::GeneralLedger(..) => "pdf",
            Self::PhotographedInvoice(..) | Self::Receipt(..) => "jpg",
            Self::Screenshot(_) => "png",
            Self::Letter(_) => "docx",
            Self::Workbook(_) => "xlsx",
            Self::Fec(_) => "txt",
            Self::BankExport(..) => "csv",
            Self::Mail(_) => "eml",
            Self::Bundle(_) => "zip",
            Self::Photo(_) => "heic",
        }
    }
}

impl fmt::Debug for Content {
    /// Names the kind only: the facts would fill pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({})", self.extension())
    }
}
