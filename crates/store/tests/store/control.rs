//! Who may sign in: links used once, sessions that end, guessing that gets slow. On both engines.

use domain::id::{FirmId, PersonId, WorkstationId};
use domain::time::Instant;
use protocol::failure::{Failure, FailureCode};
use store::Error;
use store::control::{
    ABSOLUTE_MILLIS, Control, FREE_TRIES, FREE_TRIES_OF_SOURCE, IDLE_MILLIS, INVITATION_MILLIS, InvitationState,
    MAX_WAIT_SECONDS, NewSession, Token, Try,
};
use store::engine::{Durability, Engine, Schema};

const START: Instant = Instant(1_750_000_000_000);
const MINUTE: i64 = 60_000;

/// Runs a story on SQLite, in memory and in a file, and on PostgreSQL.
fn on_both_engines(story: impl Fn(&Control)) {
    story(&Control::open(Engine::memory(Schema::Control).expect("a database in memory")));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file =
        Engine::sqlite(&folder.path().join("control.db"), Schema::Control, Durability::Full).expect("a database file");
    story(&Control::open(file));
    let namespace = testkit::postgres::namespace("control");
    let postgres = Engine::postgres(&testkit::postgres::url(), &namespace, Schema::Control).expect("PostgreSQL");
    story(&Control::open(postgres));
}

fn token(byte: u8) -> Token {
    Token::from_random([byte; 32])
}

fn firm() -> FirmId {
    FirmId::derived(&["Cabinet Martin"])
}

fn person(name: &str) -> PersonId {
    PersonId::derived(&[name])
}

fn session_of(name: &str, workstation: &str) -> NewSession {
    NewSession {
        firm: firm(),
        person: person(name),
        workstation: WorkstationId::derived(&[workstation]),
        workstation_name: workstation.to_owned(),
    }
}

/// A try on a workstation that nobody knows, from an address of the firm's.
fn from(email: &str) -> Try {
    try_of(email, "unknown", "192.0.2.1")
}

fn try_of(email: &str, workstation: &str, source: &str) -> Try {
    let source = source.parse().expect("an address");
    Try { email: email.to_owned(), workstation: WorkstationId::derived(&[workstation]), source }
}

#[track_caller]
fn refusal<T>(result: store::Result<T>) -> Failure {
    match result {
        Err(Error::Refused(failure)) => failure,
        Err(other) => panic!("an error instead of a refusal: {other}"),
        Ok(_) => panic!("accepted"),
    }
}

#[track_caller]
fn refused_because<T>(result: store::Result<T>, code: FailureCode, reason: &str) {
    let failure = refusal(result);
    assert_eq!((failure.code, failure.details["reason"].as_str()), (code, reason));
}

#[test]
fn a_firm_is_recorded_once() {
    on_both_engines(|control| {
        control.create_firm(firm(), "Cabinet Martin", START).unwrap();
        control.create_firm(firm(), "Another name", START.plus(1)).unwrap();
        let firms = control.firms().unwrap();
        assert_eq!(firms.len(), 1, "the second call changed nothing");
        assert_eq!(control.firm(firm()).unwrap().name, "Cabinet Martin");
        assert_eq!(refusal(control.firm(FirmId::derived(&["unknown"]))).code, FailureCode::NotFound);
    });
}

#[test]
fn a_link_gives_a_password_once() {
    on_both_engines(|control| {
        control.invite(&token(1), firm(), person("anne"), " Anne@Martin.fr ", START).unwrap();
        let invitation = control.invitation(&token(1), START).unwrap();
        assert_eq!((invitation.email.as_str(), invitation.state), ("anne@martin.fr", InvitationState::Open));
        assert!(control.account("anne@martin.fr").unwrap().is_none(), "nobody signs in before a password is chosen");

        control.accept(&token(1), "$argon2id$first", START.plus(1)).unwrap();
        let account = control.account("ANNE@martin.fr").unwrap().expect("the account exists");
        assert_eq!((account.person, account.password.as_deref()), (person("anne"), Some("$argon2id$first")));

        refused_because(control.accept(&token(1), "$argon2id$thief", START.plus(2)), FailureCode::LinkInvalid, "used");
        assert_eq!(control.invitation(&token(1), START.plus(2)).unwrap().state, InvitationState::Used);
        let account = control.account("anne@martin.fr").unwrap().expect("the account exists");
        assert_eq!(account.password.as_deref(), Some("$argon2id$first"), "the second use changed nothing");
        refused_because(control.invitation(&token(9), START), FailureCode::LinkInvalid, "unknown");
    });
}

#[test]
fn a_link_ends_after_a_week_or_when_another_is_made() {
    on_both_engines(|control| {
        control.invite(&token(1), firm(), person("anne"), "anne@martin.fr", START).unwrap();
        let last = START.plus(INVITATION_MILLIS - 1);
        assert_eq!(control.invitation(&token(1), last).unwrap().state, InvitationState::Open);
        refused_because(control.accept(&token(1), "hash", last.plus(1)), FailureCode::LinkInvalid, "expired");

        control.invite(&token(2), firm(), person("anne"), "anne@martin.fr", START).unwrap();
        control.invite(&token(3), firm(), person("anne"), "anne@martin.fr", START.plus(1)).unwrap();
        refused_because(control.accept(&token(2), "hash", START.plus(2)), FailureCode::LinkInvalid, "expired");
        control.accept(&token(3), "hash", START.plus(2)).unwrap();
    });
}

#[test]
fn an_email_is_one_account() {
    on_both_engines(|control| {
        control.reserve_account("anne@martin.fr", firm(), person("anne")).unwrap();
        control.reserve_account("anne@martin.fr", firm(), person("anne")).unwrap();
        assert_eq!(control.account("anne@martin.fr").unwrap().unwrap().password, None, "reserved, without a password");
        refused_because(
            control.invite(&token(1), firm(), person("paul"), "anne@martin.fr", START),
            FailureCode::InvalidEmail,
            "used",
        );
        refused_because(
            control.set_password("anne@martin.fr", firm(), person("paul"), "h"),
            FailureCode::InvalidEmail,
            "used",
        );
        control.set_password("anne@martin.fr", firm(), person("anne"), "h").unwrap();
        assert_eq!(control.account("anne@martin.fr").unwrap().unwrap().password.as_deref(), Some("h"));
    });
}

#[test]
fn a_workstation_has_one_session_a_person() {
    on_both_engines(|control| {
        control.open_session(&token(1), &session_of("anne", "bureau"), START).unwrap();
        control.open_session(&token(2), &session_of("paul", "bureau"), START).unwrap();
        control.open_session(&token(3), &session_of("anne", "bureau"), START.plus(1)).unwrap();
        refused_because(control.session(&token(1), START.plus(2)), FailureCode::SignedOut, "unknown");
        assert_eq!(control.session(&token(2), START.plus(2)).unwrap().person, person("paul"));
        assert_eq!(control.session(&token(3), START.plus(2)).unwrap().person, person("anne"));
    });
}

#[test]
fn a_session_ends_when_idle_or_old() {
    on_both_engines(|control| {
        control.open_session(&token(1), &session_of("anne", "idle"), START).unwrap();
        control.open_session(&token(2), &session_of("anne", "busy"), START).unwrap();
        refused_because(control.session(&token(1), START.plus(IDLE_MILLIS)), FailureCode::SignedOut, "expired");

        let mut now = START;
        while now.plus(IDLE_MILLIS - 1) < START.plus(ABSOLUTE_MILLIS) {
            now = now.plus(IDLE_MILLIS - 1);
            control.session(&token(2), now).expect("used often enough");
        }
        refused_because(control.session(&token(2), START.plus(ABSOLUTE_MILLIS)), FailureCode::SignedOut, "expired");
        assert!(control.sessions(firm(), person("anne"), START.plus(ABSOLUTE_MILLIS)).unwrap().is_empty());
    });
}

#[test]
fn the_last_contact_is_written_once_a_minute() {
    on_both_engines(|control| {
        control.open_session(&token(1), &session_of("anne", "bureau"), START).unwrap();
        let seen = |now| control.sessions(firm(), person("anne"), now).unwrap()[0].last_seen;
        control.session(&token(1), START.plus(MINUTE - 1)).unwrap();
        assert_eq!(seen(START.plus(MINUTE)), START, "too soon to write");
        control.session(&token(1), START.plus(MINUTE)).unwrap();
        assert_eq!(seen(START.plus(MINUTE)), START.plus(MINUTE));
    });
}

#[test]
fn sessions_are_listed_and_ended() {
    on_both_engines(|control| {
        for (number, workstation) in [(1, "bureau"), (2, "portable"), (3, "maison")] {
            control.open_session(&token(number), &session_of("anne", workstation), START.plus(number.into())).unwrap();
        }
        control.open_session(&token(4), &session_of("paul", "bureau"), START).unwrap();
        let names = || -> Vec<String> {
            let sessions = control.sessions(firm(), person("anne"), START.plus(10)).unwrap();
            sessions.into_iter().map(|session| session.workstation_name).collect()
        };
        assert_eq!(names(), ["maison", "portable", "bureau"], "last contact first");

        control.sign_out(&token(3)).unwrap();
        refused_because(control.session(&token(3), START.plus(10)), FailureCode::SignedOut, "unknown");
        assert!(control.revoke(firm(), person("anne"), WorkstationId::derived(&["portable"])).unwrap());
        assert!(
            !control.revoke(firm(), person("anne"), WorkstationId::derived(&["portable"])).unwrap(),
            "already ended"
        );
        refused_because(control.session(&token(2), START.plus(10)), FailureCode::SignedOut, "revoked");
        assert_eq!(names(), ["bureau"]);
        control.revoke_all(firm(), person("anne")).unwrap();
        assert!(names().is_empty());
        control.session(&token(4), START.plus(10)).expect("somebody else's session stays");
    });
}

#[test]
fn a_new_password_signs_out_everywhere_without_revoking() {
    on_both_engines(|control| {
        control.open_session(&token(1), &session_of("anne", "bureau"), START).unwrap();
        control.invite(&token(2), firm(), person("anne"), "anne@martin.fr", START).unwrap();
        control.accept(&token(2), "hash", START.plus(1)).unwrap();
        // A revoked workstation would remove its documents; one whose password changed only signs in again.
        refused_because(control.session(&token(1), START.plus(2)), FailureCode::SignedOut, "unknown");
    });
}

#[test]
fn guessing_gets_slow_and_a_right_password_forgives() {
    on_both_engines(|control| {
        for _ in 0..FREE_TRIES {
            control.begin_try(&from("anne@martin.fr"), START).unwrap();
        }
        let mut now = START;
        for expected in [2, 4, 8, 16, 32, 64, 128, 256, 512, MAX_WAIT_SECONDS, MAX_WAIT_SECONDS] {
            let failure = refusal(control.begin_try(&from("ANNE@martin.fr"), now));
            assert_eq!(
                (failure.code, failure.details["seconds"].as_str()),
                (FailureCode::TooManyTries, expected.to_string().as_str())
            );
            let almost = now.plus(expected * 1_000 - 1);
            assert_eq!(refusal(control.begin_try(&from("anne@martin.fr"), almost)).details["seconds"], "1");
            now = now.plus(expected * 1_000);
            control.begin_try(&from("anne@martin.fr"), now).expect("waited long enough");
        }
        control.begin_try(&from("paul@martin.fr"), now).expect("another account does not wait");
        control.forgive_try(&from("anne@martin.fr")).unwrap();
        control.begin_try(&from("anne@martin.fr"), now).expect("forgiven");
    });
}

#[test]
fn strangers_do_not_lock_an_owner_out_of_their_own_workstation() {
    on_both_engines(|control| {
        control.set_password("anne@martin.fr", firm(), person("anne"), "hash").unwrap();
        control.open_session(&token(1), &session_of("anne", "bureau"), START).unwrap();
        control.sign_out(&token(1)).unwrap();
        for _ in 0..FREE_TRIES {
            control.begin_try(&try_of("anne@martin.fr", "stranger's", "203.0.113.7"), START).unwrap();
        }
        let stranger = try_of("anne@martin.fr", "stranger's", "203.0.113.8");
        assert_eq!(refusal(control.begin_try(&stranger, START)).code, FailureCode::TooManyTries);
        let own = try_of("Anne@martin.fr", "bureau", "192.0.2.1");
        control.begin_try(&own, START).expect("the owner is not a stranger there");
        control.forgive_try(&own).unwrap();
        assert_eq!(
            refusal(control.begin_try(&stranger, START)).code,
            FailureCode::TooManyTries,
            "the owner's success is not the stranger's"
        );
        for _ in 0..FREE_TRIES {
            control.begin_try(&own, START).unwrap();
        }
        assert_eq!(
            refusal(control.begin_try(&own, START)).code,
            FailureCode::TooManyTries,
            "the workstation has a count of its own"
        );
        // Ended from afar, it may be in other hands.
        control.open_session(&token(2), &session_of("anne", "bureau"), START).unwrap();
        control.revoke(firm(), person("anne"), WorkstationId::derived(&["bureau"])).unwrap();
        let waits = refusal(control.begin_try(&own, START)).details["seconds"].clone();
        assert_eq!(waits, "2", "as a stranger, for the account");
    });
}

#[test]
fn an_address_that_tries_many_accounts_waits_and_others_do_not() {
    on_both_engines(|control| {
        let email = |n: i64| format!("{n}@martin.fr");
        for n in 0..FREE_TRIES_OF_SOURCE {
            control.begin_try(&try_of(&email(n), "x", "2001:db8::1"), START).unwrap();
        }
        let neighbour = try_of("paul@martin.fr", "x", "2001:db8::2");
        let failure = refusal(control.begin_try(&neighbour, START));
        assert_eq!((failure.code, failure.details["seconds"].as_str()), (FailureCode::TooManyTries, "2"));
        control.begin_try(&try_of("paul@martin.fr", "x", "2001:db8:1::1"), START).expect("another network");
        control.begin_try(&neighbour, START.plus(61 * MINUTE)).expect("an hour later it is forgotten");
    });
}

#[test]
fn right_passwords_do_not_make_an_address_wait() {
    on_both_engines(|control| {
        for n in 0..FREE_TRIES_OF_SOURCE + 10 {
            let one = from(&format!("{n}@martin.fr"));
            control.begin_try(&one, START).unwrap();
            control.forgive_try(&one).unwrap();
        }
    });
}

#[test]
fn a_clock_set_back_locks_nobody_out() {
    on_both_engines(|control| {
        for _ in 0..=FREE_TRIES {
            let _ = control.begin_try(&from("anne@martin.fr"), START.plus(365 * 24 * 60 * MINUTE));
        }
        control.begin_try(&from("anne@martin.fr"), START).expect("the failures were in the future");
    });
}

#[test]
fn failures_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let open = || {
        let path = folder.path().join("control.db");
        Control::open(Engine::sqlite(&path, Schema::Control, Durability::Full).expect("a database file"))
    };
    let control = open();
    for _ in 0..FREE_TRIES {
        control.begin_try(&from("anne@martin.fr"), START).unwrap();
    }
    drop(control);
    assert_eq!(refusal(open().begin_try(&from("anne@martin.fr"), START)).code, FailureCode::TooManyTries);
}

#[test]
fn tries_of_the_same_moment_are_all_counted() {
    on_both_engines(|control| {
        let passed = std::thread::scope(|scope| {
            let tries: Vec<_> =
                (0..20).map(|_| scope.spawn(|| control.begin_try(&from("anne@martin.fr"), START).is_ok())).collect();
            tries.into_iter().filter_map(|one| one.join().ok()).filter(|passed| *passed).count()
        });
        assert_eq!(i64::try_from(passed).unwrap(), FREE_TRIES, "not one guess more than allowed");
    });
}

#[test]
fn secrets_are_stored_as_hashes_and_never_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("control.db");
    let control = Control::open(Engine::sqlite(&path, Schema::Control, Durability::Full).expect("a database file"));
    let secret = Token::from_random(std::array::from_fn(|index| u8::try_from(index * 7 + 3).unwrap()));
    control.open_session(&secret, &session_of("anne", "bureau"), START).unwrap();
    control.invite(&secret, firm(), person("anne"), "anne@martin.fr", START).unwrap();
    drop(control);
    let stored = std::fs::read(&path).unwrap();
    let revealed = secret.reveal();
    assert!(!stored.windows(revealed.len()).any(|window| window == revealed.as_bytes()), "the token is not on disk");
    assert!(stored.windows(9).any(|window| window == b"workstati"), "the file is the one that was written");
    assert_eq!(format!("{secret:?}"), "Token(…)");
    assert!(Token::read(&revealed) == Some(secret));
    for wrong in ["", "0", &revealed[1..], &revealed.to_uppercase(), &"é".repeat(32)] {
        assert!(Token::read(wrong).is_none(), "{wrong:?} is not a token");
    }
}
