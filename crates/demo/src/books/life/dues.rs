//! What is owed each month to staff, social bodies and the tax office.

use std::collections::BTreeMap;

use domain::fiscal_year::Month;

use super::{Life, line};
use crate::books::{BANK, Journal, VatReturn};
use crate::french::{day_of, first_day, last_day, month_and_year};
use crate::invoice::{Direction, Invoice};
use crate::money::Cents;
use crate::payroll::{Fund, Payslip};

impl Life {
    pub(super) fn pay_people(&mut self, month: Month) {
        let end = last_day(month);
        let company = self.company;
        let slips: Vec<Payslip> = (0..company.employees.len())
            .filter(|&employee| company.employees[employee].hired <= first_day(month).max(self.start))
            .map(|employee| Payslip::of(company, employee, month, self.seed))
            .collect();
        if slips.is_empty() {
            return;
        }
        let total = |amount: fn(&Payslip) -> Cents| slips.iter().map(amount).sum::<Cents>();
        let fund = |fund: Fund| {
            slips
                .iter()
                .map(|slip| slip.due_to(fund))
                .fold((Cents::ZERO, Cents::ZERO), |sum, due| (sum.0 + due.0, sum.1 + due.1))
        };
        let (gross, net, tax) = (total(|slip| slip.gross), total(|slip| slip.net), total(|slip| slip.tax));
        let (urssaf, pension, health) = (fund(Fund::Urssaf), fund(Fund::Pension), fund(Fund::Health));
        let dues = [
            ("431000", urssaf.0 + urssaf.1, "PRLV SEPA URSSAF"),
            ("437300", pension.0 + pension.1, "PRLV SEPA RETRAITE COMPLEMENTAIRE"),
            ("437200", health.0 + health.1, "PRLV SEPA MUTUELLE"),
            ("442100", tax, "PRLV SEPA DGFIP PRELEVEMENT A LA SOURCE"),
        ];
        let mut postings = vec![
            line("641100", gross),
            line("645100", urssaf.1),
            line("645300", pension.1),
            line("645200", health.1),
            line("421000", -net),
        ];
        postings
            .extend(dues.iter().filter(|(_, due, _)| *due > Cents::ZERO).map(|(account, due, _)| line(account, -*due)));
        let piece = format!("PAIE{}", end.format("%Y%m"));
        self.enter(Journal::Miscellaneous, end, &piece, &format!("Paie {}", month_and_year(month)), postings);
        self.enter(
            Journal::Bank,
            end,
            &piece,
            &format!("VIR SALAIRES {}", end.format("%m/%Y")),
            vec![line("421000", net), line(BANK, -net)],
        );
        for (account, due, label) in dues.into_iter().filter(|(_, due, _)| *due > Cents::ZERO) {
            self.enter(
                Journal::Bank,
                day_of(month.next(), 15),
                &piece,
                label,
                vec![line(account, due), line(BANK, -due)],
            );
        }
        self.payslips.extend(slips);
    }

    /// Declares a month and returns the credit to carry forward.
    pub(super) fn declare_vat(&mut self, month: Month, brought_forward: Cents) -> Cents {
        if !self.company.pays_vat {
            return Cents::ZERO;
        }
        let sum = |account: &str| -> Cents {
            let of_month = self.entries.iter().filter(|entry| Month::of(entry.date) == month);
            of_month
                .flat_map(|entry| &entry.postings)
                .filter(|posting| posting.account == account)
                .map(|posting| posting.amount)
                .sum()
        };
        let (collected, deductible, on_assets) = (-sum("445710"), sum("445660"), sum("445620"));
        let mut by_rate = BTreeMap::new();
        let sold = self
            .invoices
            .iter()
            .filter(|invoice| invoice.direction == Direction::Sale && Month::of(invoice.issued) == month);
        let taken = self.takings.iter().filter(|takings| Month::of(takings.date) == month);
        for total in sold.flat_map(Invoice::vat_totals).chain(taken.flat_map(|takings| takings.by_rate.clone())) {
            let (base, vat): &mut (Cents, Cents) = by_rate.entry(total.rate).or_default();
            *base += total.base;
            *vat += total.vat;
        }
        let rounded =
            collected.to_whole_euros() - deductible.to_whole_euros() - on_assets.to_whole_euros() - brought_forward;
        let (due, credit) = (rounded.max(Cents::ZERO), (-rounded).max(Cents::ZERO));
        let rounding = due - credit + brought_forward + deductible + on_assets - collected;
        let all = [
            ("445710", collected),
            ("445660", -deductible),
            ("445620", -on_assets),
            ("445670", credit - brought_forward),
            ("445510", -due),
            (if rounding > Cents::ZERO { "658000" } else { "758000" }, rounding),
        ];
        let postings = all
            .into_iter()
            .filter(|(_, amount)| *amount != Cents::ZERO)
            .map(|(account, amount)| line(account, amount))
            .collect();
        let end = last_day(month);
        let piece = format!("CA3{}", end.format("%Y%m"));
        self.enter(Journal::Miscellaneous, end, &piece, &format!("TVA {}", month_and_year(month)), postings);
        if due > Cents::ZERO {
            self.enter(
                Journal::Bank,
                day_of(month.next(), 24),
                &piece,
                &format!("PRLV SEPA DGFIP TVA {}", end.format("%m/%Y")),
                vec![line("445510", due), line(BANK, -due)],
            );
        }
        self.vat_returns.push(VatReturn {
            month,
            collected: by_rate,
            deductible,
            deductible_on_assets: on_assets,
            brought_forward,
            due,
            credit,
        });
        credit
    }
}
