//! Payslips: gross pay, contributions by heading, net pay, tax withheld; consistent to the cent.
//!
//! Rates are those of a small firm in 2026, rounded to what a demonstration needs; nobody is paid with them.

use domain::fiscal_year::Month;

use crate::chance::Chance;
use crate::companies::{Company, Employee};
use crate::money::Cents;

/// Legal hours of a month, in hundredths.
pub(crate) const LEGAL_HOURS: i64 = 15_167;
/// The monthly minimum wage, which the employer's relief depends on.
const MINIMUM_WAGE: Cents = Cents(182_303);
const HEALTH_SHARE: Cents = Cents(2_250);

/// What a contribution is counted on.
#[derive(Clone, Copy)]
enum Base {
    Gross,
    /// 98.25 % of the gross pay.
    Csg,
    /// A fixed sum, of which each side pays half.
    Health,
    /// The relief on low wages.
    Relief,
}

/// Who is paid the contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fund {
    Urssaf,
    Pension,
    Health,
}

struct Rule {
    label: &'static str,
    base: Base,
    /// Rates in hundredths of a percent.
    employee: i64,
    employer: i64,
    fund: Fund,
}

const RULES: [Rule; 13] = [
    rule("Santé – Sécurité sociale maladie, maternité, décès", Base::Gross, 0, 1_300, Fund::Urssaf),
    rule("Santé – Complémentaire frais de santé", Base::Health, 0, 0, Fund::Health),
    rule("Accidents du travail et maladies professionnelles", Base::Gross, 0, 160, Fund::Urssaf),
    rule("Retraite – Sécurité sociale plafonnée", Base::Gross, 690, 855, Fund::Urssaf),
    rule("Retraite – Sécurité sociale déplafonnée", Base::Gross, 40, 211, Fund::Urssaf),
    rule("Retraite – Complémentaire tranche 1 et CEG", Base::Gross, 401, 601, Fund::Pension),
    rule("Famille – Allocations familiales", Base::Gross, 0, 525, Fund::Urssaf),
    rule("Assurance chômage", Base::Gross, 0, 400, Fund::Urssaf),
    rule("Garantie des salaires (AGS)", Base::Gross, 0, 25, Fund::Urssaf),
    rule("Autres contributions dues par l'employeur", Base::Gross, 0, 171, Fund::Urssaf),
    rule("CSG déductible de l'impôt sur le revenu", Base::Csg, 680, 0, Fund::Urssaf),
    rule("CSG et CRDS non déductibles", Base::Csg, 290, 0, Fund::Urssaf),
    rule("Exonérations et allègements de cotisations", Base::Relief, 0, 0, Fund::Urssaf),
];

const fn rule(label: &'static str, base: Base, employee: i64, employer: i64, fund: Fund) -> Rule {
    Rule { label, base, employee, employer, fund }
}

/// A line of contributions.
#[derive(Debug, Clone)]
pub(crate) struct ContributionLine {
    pub(crate) label: &'static str,
    pub(crate) base: Cents,
    /// In hundredths of a percent; zero where the amount is fixed.
    pub(crate) employee_rate: i64,
    pub(crate) employee: Cents,
    pub(crate) employer: Cents,
    pub(crate) fund: Fund,
}

/// A month's pay of an employee.
#[derive(Debug, Clone)]
pub(crate) struct Payslip {
    /// By place among the company's employees.
    pub(crate) employee: usize,
    pub(crate) month: Month,
    pub(crate) base_pay: Cents,
    /// Hours paid at 125 %, in hundredths.
    pub(crate) overtime_hours: i64,
    pub(crate) overtime: Cents,
    pub(crate) gross: Cents,
    pub(crate) lines: Vec<ContributionLine>,
    /// Sum of the employee's contributions.
    pub(crate) withheld: Cents,
    /// Sum of the employer's contributions.
    pub(crate) charges: Cents,
    pub(crate) net_before_tax: Cents,
    pub(crate) taxable: Cents,
    pub(crate) tax: Cents,
    pub(crate) net: Cents,
}

impl Payslip {
    /// The pay of an employee for a month.
    pub(crate) fn of(company: &Company, employee: usize, month: Month, seed: u64) -> Self {
        let person: &Employee = &company.employees[employee];
        let mut chance = Chance::new(seed, &format!("pay {} {employee} {}", company.key, month.folder_name()));
        let overtime_hours = if chance.odds(35) { chance.between(2, 9) * 100 } else { 0 };
        let overtime = person.gross.share(overtime_hours * 125, LEGAL_HOURS * 100);
        let gross = person.gross + overtime;
        let lines: Vec<ContributionLine> = RULES.iter().filter_map(|rule| rule.line(gross)).collect();
        let withheld: Cents = lines.iter().map(|line| line.employee).sum();
        let charges: Cents = lines.iter().map(|line| line.employer).sum();
        let not_deductible: Cents =
            lines.iter().filter(|line| line.label.contains("non déductibles")).map(|line| line.employee).sum();
        let net_before_tax = gross - withheld;
        // The employer's share of health insurance is income for the tax office.
        let taxable = net_before_tax + not_deductible + HEALTH_SHARE;
        let tax = taxable.at_rate(person.tax_rate);
        let net = net_before_tax - tax;
        Self {
            employee,
            month,
            base_pay: person.gross,
            overtime_hours,
            overtime,
            gross,
            lines,
            withheld,
            charges,
            net_before_tax,
            taxable,
            tax,
            net,
        }
    }

    /// What goes to a fund: the employee's share and the employer's.
    pub(crate) fn due_to(&self, fund: Fund) -> (Cents, Cents) {
        let of_fund = || self.lines.iter().filter(|line| line.fund == fund);
        (of_fund().map(|line| line.employee).sum(), of_fund().map(|line| line.employer).sum())
    }
}

impl Rule {
    fn line(&self, gross: Cents) -> Option<ContributionLine> {
        let (base, employee, employer) = match self.base {
            Base::Gross => (gross, gross.at_rate(self.employee), gross.at_rate(self.employer)),
            Base::Csg => {
                let base = gross.at_rate(9_825);
                (base, base.at_rate(self.employee), base.at_rate(self.employer))
            }
            Base::Health => (Cents::ZERO, HEALTH_SHARE, HEALTH_SHARE),
            Base::Relief => {
                let room = MINIMUM_WAGE.share(16, 10) - gross;
                if room <= Cents::ZERO {
                    return None;
                }
                (gross, Cents::ZERO, -room.share(3_194, 6_000))
            }
        };
        Some(ContributionLine {
            label: self.label,
            base,
            employee_rate: self.employee,
            employee,
            employer,
            fund: self.fund,
        })
    }
}
