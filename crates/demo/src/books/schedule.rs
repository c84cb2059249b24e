//! Depreciation and loan schedules, to the cent.

use chrono::{Datelike as _, Months, NaiveDate};
use domain::fiscal_year::FiscalYear;

use crate::companies::{Asset, Loan};
use crate::money::Cents;

impl Asset {
    /// The account of its depreciation: `215400` gives `281540`.
    pub(crate) fn depreciation_account(&self) -> String {
        format!("28{}", &self.account[1..5])
    }

    /// Depreciation from its purchase to the end of `date`, straight line, in 30-day months.
    pub(crate) fn depreciated_at(&self, date: NaiveDate) -> Cents {
        let days = commercial_days(self.bought, date).clamp(0, self.years * 360);
        self.cost.share(days, self.years * 360)
    }

    /// Depreciation of a fiscal year.
    pub(crate) fn charge_of(&self, year: FiscalYear) -> Cents {
        let before = year.start.pred_opt().expect("BUG: a fiscal year starts after the first day of the calendar");
        self.depreciated_at(year.end) - self.depreciated_at(before)
    }
}

/// Days between two dates, the last included, all months having 30.
fn commercial_days(from: NaiveDate, to: NaiveDate) -> i64 {
    let count = |date: NaiveDate, day: u32| {
        i64::from(date.year()) * 360 + i64::from(date.month()) * 30 + i64::from(day.min(30))
    };
    let last = if to.succ_opt().is_some_and(|next| next.day() == 1) { 30 } else { to.day() };
    count(to, last) - count(from, from.day()) + 1
}

/// A monthly payment of a loan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instalment {
    pub(crate) number: u32,
    pub(crate) date: NaiveDate,
    pub(crate) interest: Cents,
    pub(crate) principal: Cents,
    /// Still owed after it.
    pub(crate) outstanding: Cents,
}

impl Loan {
    /// Every payment, the last one settling what rounding left.
    pub(crate) fn schedule(&self) -> Vec<Instalment> {
        let payment = self.payment();
        let mut outstanding = self.principal;
        (1..=self.months)
            .map(|number| {
                let interest = self.interest_on(outstanding);
                let principal = if number == self.months { outstanding } else { payment - interest };
                outstanding -= principal;
                Instalment {
                    number,
                    date: self.first_payment + Months::new(number - 1),
                    interest,
                    principal,
                    outstanding,
                }
            })
            .collect()
    }

    /// Owed at the end of `date`.
    pub(crate) fn outstanding_at(&self, date: NaiveDate) -> Cents {
        self.schedule()
            .iter()
            .take_while(|instalment| instalment.date <= date)
            .last()
            .map_or(self.principal, |last| last.outstanding)
    }

    /// A month's interest: a twelfth of the yearly rate.
    fn interest_on(&self, outstanding: Cents) -> Cents {
        outstanding.share(self.rate, 120_000)
    }

    /// The least constant payment that leaves nothing to pay, found by bisection so that only integers are used.
    fn payment(&self) -> Cents {
        let settles = |payment: i64| {
            let mut outstanding = self.principal;
            for _ in 0..self.months {
                outstanding = outstanding + self.interest_on(outstanding) - Cents(payment);
            }
            outstanding <= Cents::ZERO
        };
        let (mut low, mut high) = (0, self.principal.0);
        while low + 1 < high {
            let middle = i64::midpoint(low, high);
            if settles(middle) { high = middle } else { low = middle }
        }
        Cents(high)
    }
}
