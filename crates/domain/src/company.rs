//! SIREN and SIRET numbers of companies.
//!
//! Source: INSEE's `validinsee`; Luhn on the 9 digits of a SIREN and on the 14 of a SIRET. La Poste's establishments
//! (SIREN 356000000) may instead have a digit sum that is a multiple of five.

use std::fmt;

/// Why a number is not a SIREN or a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCompanyNumber {
    /// Not the right count of digits, or other characters.
    #[error("a company number has 9 digits (SIREN) or 14 (SIRET)")]
    Shape,
    /// The check digit does not agree.
    #[error("the check digit of the company number is wrong")]
    Key,
}

/// A legal unit's number: 9 digits that satisfy Luhn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siren(String);

/// An establishment's number: a SIREN and 5 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret(String);

const LA_POSTE: &str = "356000000";

impl Siren {
    /// Reads a SIREN, ignoring spaces.
    pub fn parse(text: &str) -> Result<Self, InvalidCompanyNumber> {
        let digits = digits_of(text, 9)?;
        if luhn(&digits) { Ok(Self(digits)) } else { Err(InvalidCompanyNumber::Key) }
    }

    /// The 9 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Siret {
    /// Reads a SIRET, ignoring spaces.
    pub fn parse(text: &str) -> Result<Self, InvalidCompanyNumber> {
        let digits = digits_of(text, 14)?;
        let la_poste =
            digits.starts_with(LA_POSTE) && digits.bytes().map(|d| u32::from(d - b'0')).sum::<u32>().is_multiple_of(5);
        if luhn(&digits[..9]) && (luhn(&digits) || la_poste) {
            Ok(Self(digits))
        } else {
            Err(InvalidCompanyNumber::Key)
        }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The legal unit this establishment belongs to.
    pub fn siren(&self) -> Siren {
        Siren(self.0[..9].to_owned())
    }
}

impl fmt::Display for Siren {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digits_of(text: &str, count: usize) -> Result<String, InvalidCompanyNumber> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.len() == count && compact.bytes().all(|b| b.is_ascii_digit()) {
        Ok(compact)
    } else {
        Err(InvalidCompanyNumber::Shape)
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let digit = u32::from(d - b'0');
            match (i % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}
