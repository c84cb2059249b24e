//! Fiscal years (*exercices*) and their month folders.
//!
//! Rules: `domain-rules.md` §4 of the project's sources: normally 12 months, at most 24 (C. com. L123-12 and the first
//! year of companies under IS); a month folder exists for every calendar month the year touches.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The longest fiscal year accepted, in months.
pub const MAX_MONTHS: u32 = 24;

/// A fiscal year, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear {
    /// First day.
    pub start: NaiveDate,
    /// Closing day.
    pub end: NaiveDate,
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

/// Why dates are not a fiscal year, or why one cannot join the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFiscalYear {
    /// The end is not after the start.
    #[error("a fiscal year ends after it starts")]
    EndBeforeStart,
    /// More than [`MAX_MONTHS`].
    #[error("a fiscal year lasts at most 24 months")]
    TooLong,
    /// Shares days with another year of the client file.
    #[error("the fiscal year overlaps another one")]
    Overlap,
    /// Leaves days between itself and its neighbour; allowed once the user confirms.
    #[error("the fiscal year leaves a gap with its neighbour")]
    Gap,
}

impl FiscalYear {
    /// Checks and makes a fiscal year.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, InvalidFiscalYear> {
        if end <= start {
            return Err(InvalidFiscalYear::EndBeforeStart);
        }
        match last_day(start, MAX_MONTHS) {
            Some(limit) if end <= limit => Ok(Self { start, end }),
            _ => Err(InvalidFiscalYear::TooLong),
        }
    }

    /// The closing date proposed for a start: 12 months later less a day (`29/02/2024` gives `28/02/2025`).
    pub fn proposed_end(start: NaiveDate) -> NaiveDate {
        last_day(start, 12).unwrap_or(start)
    }

    /// Every calendar month touched, in order.
    pub fn months(self) -> Vec<Month> {
        let last = Month::of(self.end);
        std::iter::successors(Some(Month::of(self.start)), |month| Some(month.next()))
            .take_while(|m| *m <= last)
            .collect()
    }

    /// Checks that this year can join `others` of the same client file: no overlap, and no gap unless `gap_confirmed`.
    pub fn check_beside(self, others: &[FiscalYear], gap_confirmed: bool) -> Result<(), InvalidFiscalYear> {
        if others.iter().any(|other| self.start <= other.end && other.start <= self.end) {
            return Err(InvalidFiscalYear::Overlap);
        }
        let touches = |a: NaiveDate, b: NaiveDate| a.checked_add_days(Days::new(1)) == Some(b);
        let joined = others.is_empty()
            || others.iter().any(|other| touches(other.end, self.start) || touches(self.end, other.start));
        if joined || gap_confirmed { Ok(()) } else { Err(InvalidFiscalYear::Gap) }
    }

    /// The year folder's name: the closing year, `2026`, or `2026 (au 30-06)` where another year of the client file
    /// closes in the same calendar year.
    pub fn folder_name(self, shares_closing_year: bool) -> String {
        let year = self.end.year();
        if shares_closing_year {
            format!("{year} (au {:02}-{:02})", self.end.day(), self.end.month())
        } else {
            year.to_string()
        }
    }
}

/// The last of the days that make `months` months from `start`.
fn last_day(start: NaiveDate, months: u32) -> Option<NaiveDate> {
    let after = start.checked_add_months(Months::new(months))?;
    // 29 February plus 12 months is already 28 February: the day before the anniversary that does not exist.
    if after.day() == start.day() { after.checked_sub_days(Days::new(1)) } else { Some(after) }
}

impl Month {
    /// The month a date is in.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month folder's name, `2026-03`: sorts as dates do.
    pub fn folder_name(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}
