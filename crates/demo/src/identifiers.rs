//! Numbers with check digits: SIREN, SIRET, VAT number, IBAN, social security number.
//!
//! They are computed, so that the product's own checks accept the demonstration firm.

/// The SIREN that begins with these eight digits.
pub(crate) fn siren(first_eight: u32) -> String {
    with_luhn_digit(&format!("{first_eight:08}"))
}

/// The SIRET of an establishment, `number` being its first four digits after the SIREN.
pub(crate) fn siret(siren: &str, number: u32) -> String {
    with_luhn_digit(&format!("{siren}{number:04}"))
}

/// The French VAT number of a SIREN, by the formula of the first numbers.
pub(crate) fn vat_number(siren: &str) -> String {
    let key = (12 + 3 * (remainder(siren, 97))) % 97;
    format!("FR{key:02}{siren}")
}

/// `732 829 320 00074`.
pub(crate) fn spaced_siret(siret: &str) -> String {
    format!("{} {} {} {}", &siret[..3], &siret[3..6], &siret[6..9], &siret[9..])
}

/// `732 829 320`.
pub(crate) fn spaced_siren(siren: &str) -> String {
    format!("{} {} {}", &siren[..3], &siren[3..6], &siren[6..9])
}

/// A French IBAN, in groups of four, for a five-digit bank and branch and an eleven-digit account.
pub(crate) fn iban(bank: u32, branch: u32, account: u64) -> String {
    let root = format!("{bank:05}{branch:05}{account:011}");
    let bank_key = 97 - (89 * u64::from(bank) + 15 * u64::from(branch) + 3 * account) % 97;
    // The IBAN key is over the account followed by FR00, letters counting from A = 10.
    let check = 98 - remainder(&format!("{root}{bank_key:02}152700"), 97);
    let iban = format!("FR{check:02}{root}{bank_key:02}");
    let groups: Vec<&str> = (0..iban.len()).step_by(4).map(|at| &iban[at..(at + 4).min(iban.len())]).collect();
    groups.join(" ")
}

/// A social security number with its key, for the first thirteen digits.
pub(crate) fn social_security(thirteen: u64) -> String {
    let text = format!("{thirteen:013}");
    let key = 97 - thirteen % 97;
    format!("{} {} {} {} {} {} {key:02}", &text[..1], &text[1..3], &text[3..5], &text[5..7], &text[7..10], &text[10..])
}

fn remainder(digits: &str, modulus: u32) -> u32 {
    digits.bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % modulus)
}

fn with_luhn_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let value = u32::from(byte - b'0') * if position % 2 == 0 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
