//! Passwords: which are accepted, and how they are checked without telling who exists.

use protocol::failure::{Failure, FailureCode};

use crate::pool::Pool;

/// The least characters of a password.
pub(crate) const MIN_CHARACTERS: usize = 12;
/// The most bytes: beyond, hashing would be work done for an attacker.
pub(crate) const MAX_BYTES: usize = 1_024;
/// Hashes computed at the same time: each takes 19 MiB and a core.
const AT_ONCE: u32 = 2;
/// Sign-ins that wait for their turn before others are sent away.
const WAITING: usize = 64;
/// What those sent away are told to wait, in seconds.
const BUSY_SECONDS: u64 = 5;

/// The words that passwords are made of when nobody thinks about them, folded to letters.
const COMMON_WORDS: &[&str] = &[
    "administrateur",
    "administrator",
    "admin",
    "azerty",
    "azertyuiop",
    "azertyuiopqsdfghjklm",
    "bienvenue",
    "bonjour",
    "cabinet",
    "changeme",
    "chocolat",
    "collaborateur",
    "compta",
    "comptabilite",
    "comptable",
    "dossier",
    "expertcomptable",
    "football",
    "gedeon",
    "iloveyou",
    "jetaime",
    "letmein",
    "loulou",
    "marseille",
    "monmotdepasse",
    "motdepasse",
    "nouveaumotdepasse",
    "olympiquedemarseille",
    "paris",
    "password",
    "passwordpassword",
    "princesse",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "secret",
    "soleil",
    "superman",
    "trustno",
    "utilisateur",
    "welcome",
];

/// Computes and checks hashes, a few at a time.
pub(crate) struct Passwords {
    pool: Pool,
    waiting: tokio::sync::Semaphore,
    /// What an unknown e-mail is checked against, so that it takes as long as a known one.
    nobody: String,
}

impl Passwords {
    /// Blocks for as long as one hash takes.
    pub(crate) fn new() -> Self {
        Self {
            pool: Pool::new(AT_ONCE),
            waiting: tokio::sync::Semaphore::new(WAITING),
            nobody: password_auth::generate_hash("nobody signs in with this"),
        }
    }

    /// A turn at hashing; without one, too many wait already.
    pub(crate) fn turn(&self) -> Result<Turn<'_>, Failure> {
        self.waiting.try_acquire().map(Turn).map_err(|_| {
            Failure::new(FailureCode::TooManyTries, "too many sign-ins at once").with("seconds", BUSY_SECONDS)
        })
    }

    /// Whether `password` has this hash; without a hash it takes as long and says no.
    pub(crate) async fn verify(&self, _: &Turn<'_>, password: String, hash: Option<String>) -> bool {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let matches = self.pool.run(move || password_auth::verify_password(password, &hash).is_ok()).await;
        exists && matches
    }

    /// The hash to keep.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        let _turn = self.turn()?;
        Ok(self.pool.run(move || password_auth::generate_hash(password)).await)
    }
}

/// A place among those that wait for a hash.
pub(crate) struct Turn<'a>(#[expect(dead_code, reason = "it is held, not read")] tokio::sync::SemaphorePermit<'a>);

/// Refuses a password that would be guessed: too short, made of a common word, or of what everybody knows about the
/// person. `known` holds such things: the e-mail, names, the firm's name.
pub(crate) fn check_strength(password: &str, known: &[&str]) -> Result<(), Failure> {
    let weak = |reason: &str| {
        Err(Failure::new(FailureCode::WeakPassword, "the password is weak")
            .with("reason", reason)
            .with("minimum", MIN_CHARACTERS))
    };
    if password.chars().count() < MIN_CHARACTERS {
        return weak("too_short");
    }
    if password.len() > MAX_BYTES {
        return weak("too_long");
    }
    let letters = letters_of(password);
    let distinct: std::collections::BTreeSet<char> = domain::text::folded(password).chars().collect();
    if distinct.len() < 5 || COMMON_WORDS.contains(&letters.as_str()) || is_sequence(password) {
        return weak("common");
    }
    // «anne.martin» and «martin2026!» alike: nothing must remain once what is known is taken out.
    let mut rest = letters;
    let mut words: Vec<String> = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(letters_of)
        .filter(|word| word.len() >= 3)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        rest = rest.replace(word, "");
    }
    if rest.len() < 4 && words.iter().any(|word| letters_of(password).contains(word)) {
        return weak("known");
    }
    Ok(())
}

/// The letters alone, folded, with the digits that stand for letters read as such.
fn letters_of(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| !c.is_alphabetic());
    domain::text::folded(trimmed)
        .chars()
        .filter_map(|c| match c {
            '0' => Some('o'),
            '1' | '!' => Some('i'),
            '3' => Some('e'),
            '4' | '@' => Some('a'),
            '5' | '$' => Some('s'),
            letter if letter.is_alphabetic() => Some(letter),
            _ => None,
        })
        .collect()
}

/// `123456789012`, `abcdefghijkl`, and the same backwards.
fn is_sequence(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let same = |step: i64| steps.iter().filter(|found| **found == step).count();
    let most = same(1).max(same(-1)).max(same(0));
    most * 4 >= steps.len() * 3
}

#[cfg(test)]
mod tests {
    use super::check_strength;

    const KNOWN: &[&str] = &["anne.martin@cabinet-leroy.fr", "Anne", "Martin", "Cabinet Leroy"];

    #[test]
    fn passwords_that_would_be_guessed_are_refused() {
        for (password, reason) in [
            ("", "too_short"),
            ("Tr0p-court!", "too_short"),
            ("éàüéàüéàüéà", "too_short"),
            ("motdepasse2026", "common"),
            ("M0tDeP@sse2026!", "common"),
            ("azertyuiop123", "common"),
            ("Administrateur1", "common"),
            ("123456789012", "common"),
            ("abcdefghijklmn", "common"),
            ("aaaaaaaaaaaaaa", "common"),
            ("abababababab", "common"),
            ("anne.martin@cabinet-leroy.fr", "known"),
            ("AnneMartin2026", "known"),
            ("cabinetleroy75001", "known"),
            ("Martin-Leroy-2026", "known"),
        ] {
            let failure = check_strength(password, KNOWN).expect_err(password);
            assert_eq!(failure.details["reason"], reason, "{password:?}");
        }
        let long = "phrase ".repeat(200);
        assert_eq!(check_strength(&long, KNOWN).expect_err("long").details["reason"], "too_long");
    }

    #[test]
    fn passwords_that_would_not_be_guessed_are_accepted() {
        for password in [
            "cheval-agrafe-pile",
            "éléphant du Néra",
            "kT9#mq2!xv7Lp",
            "Anne préfère le thé vert",
            "les 3 petits ponts de Cé",
        ] {
            assert_eq!(check_strength(password, KNOWN), Ok(()), "{password:?}");
        }
    }
}
