//! Dates as French people write them, and the few calendar steps the planning needs.

use chrono::{Datelike as _, Days, NaiveDate};
use domain::fiscal_year::Month;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A date known to exist.
pub(crate) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("BUG: the demonstration firm names a day that does not exist")
}

/// `12/03/2026`.
pub(crate) fn short(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// `12 mars 2026`, `1er mars 2026`.
pub(crate) fn long(date: NaiveDate) -> String {
    let ordinal = if date.day() == 1 { "er" } else { "" };
    format!("{}{ordinal} {}", date.day(), month_and_year(Month::of(date)))
}

/// `mars 2026`.
pub(crate) fn month_and_year(month: Month) -> String {
    format!("{} {}", MONTHS[month.month as usize - 1], month.year)
}

/// `20260312`, the way file names and accounting files begin.
pub(crate) fn compact(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}

/// Year, month and day in the sizes that file formats store them in.
pub(crate) fn parts(date: NaiveDate) -> (u16, u8, u8) {
    let small = |part: u32| u8::try_from(part).expect("BUG: months and days are below 32");
    let year = u16::try_from(date.year()).expect("BUG: the demonstration firm is of our era");
    (year, small(date.month()), small(date.day()))
}

/// First day of a month.
pub(crate) const fn first_day(month: Month) -> NaiveDate {
    day(month.year, month.month, 1)
}

/// Last day of a month.
pub(crate) fn last_day(month: Month) -> NaiveDate {
    first_day(month.next()).pred_opt().expect("BUG: every month has a last day")
}

/// The `wanted` day of a month, or its last one.
pub(crate) fn day_of(month: Month, wanted: u32) -> NaiveDate {
    first_day(month).with_day(wanted).unwrap_or_else(|| last_day(month))
}

/// The date `days` later.
pub(crate) fn after(date: NaiveDate, days: u32) -> NaiveDate {
    date + Days::new(u64::from(days))
}
