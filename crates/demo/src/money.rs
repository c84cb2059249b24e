//! Amounts in integer cents and the French rates of VAT.
//!
//! Nothing here uses floating point: an invoice adds up to the cent or it is wrong.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// The space between thousands on paper: it never breaks a line.
const THOUSANDS: char = '\u{a0}';

/// An amount of euros, in cents; negative amounts are credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A round sum.
    pub const fn euros(euros: i64) -> Self {
        Self(euros * 100)
    }

    /// This amount times `numerator / denominator`, rounded half away from zero; `denominator` is positive.
    #[must_use]
    pub const fn share(self, numerator: i64, denominator: i64) -> Self {
        let product = self.0 * numerator;
        let half = if product < 0 { -denominator / 2 } else { denominator / 2 };
        Self((product + half) / denominator)
    }

    /// This amount at a rate given in hundredths of a percent: 5.5 % is 550.
    #[must_use]
    pub const fn at_rate(self, hundredths_of_percent: i64) -> Self {
        self.share(hundredths_of_percent, 10_000)
    }

    /// Rounded to the whole euro, as tax returns ask.
    #[must_use]
    pub const fn to_whole_euros(self) -> Self {
        Self(self.share(1, 100).0 * 100)
    }

    /// With the currency sign: `1 234,56 €`.
    pub fn with_sign(self) -> String {
        format!("{self}{THOUSANDS}€")
    }

    /// Without separators of thousands, as accounting files write it: `1234,56`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{},{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }

    /// Whole euros with separators and no decimals: `1 235`.
    pub fn rounded(self) -> String {
        let text = self.to_whole_euros().to_string();
        text.trim_end_matches(",00").to_owned()
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0.abs() / 100).to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                write!(f, "{THOUSANDS}")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ",{:02}", self.0.abs() % 100)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Cents {
    type Output = Self;
    fn mul(self, factor: i64) -> Self {
        Self(self.0 * factor)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// The rates of VAT met in the demonstration firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VatRate {
    /// 20 %.
    Standard,
    /// 10 %: restaurants, renovation works.
    Intermediate,
    /// 5.5 %: food, energy renovation.
    Reduced,
    /// No VAT: care, bare letting, insurance, banking.
    Exempt,
}

impl VatRate {
    /// The rate in hundredths of a percent: 5.5 % is 550.
    pub const fn hundredths(self) -> i64 {
        match self {
            Self::Standard => 2_000,
            Self::Intermediate => 1_000,
            Self::Reduced => 550,
            Self::Exempt => 0,
        }
    }

    /// What is written in the VAT column.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Standard => "20 %",
            Self::Intermediate => "10 %",
            Self::Reduced => "5,5 %",
            Self::Exempt => "Exonéré",
        }
    }
}
