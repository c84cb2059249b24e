//! Fiscal years: lengths, months, neighbours and the names of their folders.

use chrono::NaiveDate;
use domain::fiscal_year::{FiscalYear, InvalidFiscalYear, Month};
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a valid example")
}

fn year(start: &str, end: &str) -> FiscalYear {
    FiscalYear::new(date(start), date(end)).expect("a valid example")
}

#[test]
fn dates_make_a_fiscal_year_or_say_why_not() {
    let table = [
        ("2026-01-01", "2026-12-31", Ok(12)),
        ("2025-10-01", "2026-09-30", Ok(12)),
        // The first October and the last are two months.
        ("2025-10-15", "2026-10-14", Ok(13)),
        // A first year under IS goes on to the end of the year after creation.
        ("2026-03-15", "2027-12-31", Ok(22)),
        ("2026-01-01", "2027-12-31", Ok(24)),
        ("2026-01-01", "2028-01-01", Err(InvalidFiscalYear::TooLong)),
        ("2026-01-15", "2028-01-14", Ok(25)),
        ("2026-01-15", "2028-01-15", Err(InvalidFiscalYear::TooLong)),
        // Two years from 29 February end on 28 February: the day before the anniversary that does not exist.
        ("2024-02-29", "2026-02-28", Ok(25)),
        ("2024-02-29", "2026-03-01", Err(InvalidFiscalYear::TooLong)),
        ("2026-01-01", "2026-01-02", Ok(1)),
        ("2026-01-01", "2026-01-01", Err(InvalidFiscalYear::EndBeforeStart)),
        ("2026-12-31", "2026-01-01", Err(InvalidFiscalYear::EndBeforeStart)),
    ];
    for (start, end, expected) in table {
        let months = FiscalYear::new(date(start), date(end)).map(|year| year.months().len());
        assert_eq!(months, expected, "{start} to {end}");
    }
}

#[test]
fn the_proposed_end_is_twelve_months_later() {
    let table = [
        ("2025-10-01", "2026-09-30"),
        ("2026-01-01", "2026-12-31"),
        ("2024-02-29", "2025-02-28"),
        ("2023-03-01", "2024-02-29"),
        ("2025-10-15", "2026-10-14"),
        ("2025-12-31", "2026-12-30"),
    ];
    for (start, end) in table {
        assert_eq!(FiscalYear::proposed_end(date(start)), date(end), "{start}");
    }
}

#[test]
fn months_are_every_calendar_month_touched_in_order() {
    let names: Vec<String> = year("2025-10-15", "2026-10-14").months().into_iter().map(Month::folder_name).collect();
    let expected: Vec<String> =
        (10..=12).map(|m| format!("2025-{m:02}")).chain((1..=10).map(|m| format!("2026-{m:02}"))).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_year_joins_the_others_without_overlap_and_a_gap_is_confirmed() {
    let others = [year("2024-01-01", "2024-12-31"), year("2025-01-01", "2025-12-31")];
    let table = [
        ("2026-01-01", "2026-12-31", false, Ok(())),
        ("2023-01-01", "2023-12-31", false, Ok(())),
        ("2026-01-02", "2026-12-31", false, Err(InvalidFiscalYear::Gap)),
        ("2026-01-02", "2026-12-31", true, Ok(())),
        ("2020-01-01", "2020-12-31", false, Err(InvalidFiscalYear::Gap)),
        ("2025-12-31", "2026-12-30", true, Err(InvalidFiscalYear::Overlap)),
        ("2024-03-01", "2024-06-30", true, Err(InvalidFiscalYear::Overlap)),
        ("2023-06-01", "2025-02-28", false, Err(InvalidFiscalYear::Overlap)),
        ("2025-01-01", "2025-12-31", false, Err(InvalidFiscalYear::Overlap)),
    ];
    for (start, end, confirmed, expected) in table {
        let found = year(start, end).check_beside(&others, confirmed);
        assert_eq!(found, expected, "{start} to {end}, gap confirmed: {confirmed}");
    }
    assert_eq!(year("1999-01-01", "1999-12-31").check_beside(&[], false), Ok(()), "the first has no neighbour");
}

#[test]
fn the_year_folder_has_the_closing_year() {
    assert_eq!(year("2025-07-01", "2026-06-30").folder_name(false), "2026");
    assert_eq!(year("2025-07-01", "2026-06-30").folder_name(true), "2026 (au 30-06)");
    assert_eq!(year("2026-07-01", "2026-12-31").folder_name(true), "2026 (au 31-12)");
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0..36_600_i64).prop_map(|days| date("1990-01-01") + chrono::Duration::days(days))
}

proptest! {
    #[test]
    fn the_proposed_end_always_makes_a_year_that_the_next_one_continues(start in any_date()) {
        let first = FiscalYear::new(start, FiscalYear::proposed_end(start)).unwrap();
        let days = (first.end - first.start).num_days() + 1;
        prop_assert!((365..=366).contains(&days), "{days} days");
        let next_start = first.end + chrono::Duration::days(1);
        let next = FiscalYear::new(next_start, FiscalYear::proposed_end(next_start)).unwrap();
        prop_assert_eq!(next.check_beside(&[first], false), Ok(()));
    }

    #[test]
    fn months_start_with_the_first_day_end_with_the_last_and_sort_as_they_come(start in any_date(), days in 1..729_i64) {
        let year = FiscalYear::new(start, start + chrono::Duration::days(days)).unwrap();
        let months = year.months();
        prop_assert_eq!(months.first().copied(), Some(Month::of(year.start)));
        prop_assert_eq!(months.last().copied(), Some(Month::of(year.end)));
        let names: Vec<String> = months.iter().map(|month| month.folder_name()).collect();
        prop_assert!(names.is_sorted_by(|a, b| a < b), "{:?}", names);
    }
}
