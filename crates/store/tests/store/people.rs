//! People of the firm: added, renamed, given roles.

use domain::id::PersonId;
use domain::person::Role;
use protocol::command::{Command, Outcome};
use protocol::failure::{Failure, FailureCode};
use protocol::feed::PushRequest;
use protocol::query::ListPeople;
use protocol::view::PeopleView;
use store::firm::Caller;

use crate::desk::Desk;
use crate::office::{change, content_of, on_both_engines};

fn add(name: &str, email: &str) -> Command {
    Command::AddPerson {
        person: PersonId::derived(&[name]),
        email: email.to_owned(),
        first_name: name.to_owned(),
        last_name: "Durand".to_owned(),
        role: Role::Collaborator,
    }
}

fn set_role(person: PersonId, seen: Role, value: Role) -> Command {
    Command::UpdatePerson { person, first_name: None, last_name: None, role: Some(change(seen, value)), email: None }
}

#[test]
fn people_are_listed_in_alphabetical_order() {
    on_both_engines(|office| {
        for (name, email) in [("Zoé", "zoe@b.fr"), ("Émile", "emile@b.fr"), ("eric", "eric@b.fr")] {
            office.does(office.anne, add(name, email));
        }
        let view: PeopleView = office.ask(office.anne, "list_people", ListPeople {}).unwrap();
        let names: Vec<&str> = view.people.iter().map(|person| person.first_name.as_str()).collect();
        assert_eq!(names, ["Émile", "eric", "Zoé", "Anne"], "Durand before Martin, accents and case aside");
    });
}

#[test]
fn an_address_is_one_person_s() {
    on_both_engines(|office| {
        office.does(office.anne, add("Marc", " Marc@Cabinet.fr "));
        office.cannot_because(office.anne, add("Marie", "marc@cabinet.fr"), FailureCode::InvalidEmail);
        office.cannot_because(office.anne, add("Marie", "marie@cabinet"), FailureCode::InvalidEmail);
        office.cannot_because(office.anne, add("", "marie@cabinet.fr"), FailureCode::BadRequest);
        office.does(office.anne, add("Marc", "marc@cabinet.fr"));
        office.cannot_because(office.anne, add("Marc", "autre@cabinet.fr"), FailureCode::BadRequest);
    });
}

#[test]
fn the_last_administrator_stays_one() {
    on_both_engines(|office| {
        let step_down = set_role(office.anne, Role::Administrator, Role::Manager);
        office.cannot_because(office.anne, step_down.clone(), FailureCode::Denied);
        let marc = office.hire("Marc", Role::Administrator);
        office.does(office.anne, step_down);
        office.cannot_because(office.anne, set_role(marc, Role::Administrator, Role::Manager), FailureCode::Denied);
        assert_eq!(office.firm.person(marc).unwrap().role, Role::Administrator);
    });
}

fn set_email(person: PersonId, seen: &str, value: &str) -> Command {
    let email = Some(change(seen.to_owned(), value.to_owned()));
    Command::UpdatePerson { person, first_name: None, last_name: None, role: None, email }
}

#[test]
fn whoever_is_suspended_does_nothing_and_sees_nothing_until_let_in_again() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Collaborator);
        let client = office.client("Alter Ce", &[crate::office::YEAR_2026]);
        office.assign(client, marc, None);
        let march = office.month(client, "Achats", "2026-03");
        let (node, _) = office.files(marc, march, "Facture.pdf", "one");
        let desk = Desk::ready(office, marc);
        let seq = office.does(office.anne, Command::SuspendPerson { person: marc });
        assert_eq!(office.does(office.anne, Command::SuspendPerson { person: marc }), seq, "suspended already");

        let suspended = |failure: Failure| {
            assert_eq!((failure.code, failure.details["reason"].as_str()), (FailureCode::Denied, "suspended"));
        };
        let caller = Caller { person: marc, workstation_name: "poste 1".to_owned() };
        let request = PushRequest {
            commands: vec![office.envelope(Command::Trash { node })],
            schema_version: protocol::SCHEMA_VERSION,
        };
        suspended(office.firm.push(&caller, &request, office.now()).unwrap_err().into_failure());
        let pull = desk.replica.read(|tx| tx.pull_request(10)).unwrap();
        suspended(office.firm.pull(marc, &pull).unwrap_err().into_failure());
        suspended(office.ask::<PeopleView>(marc, "list_people", ListPeople {}).unwrap_err());
        suspended(office.firm.readable(marc, content_of("one").hash).unwrap_err().into_failure());
        suspended(office.firm.missing(marc, &[content_of("one")]).unwrap_err().into_failure());

        let view: PeopleView = office.ask(office.anne, "list_people", ListPeople {}).unwrap();
        let shown: Vec<_> = view.people.iter().map(|person| (person.id, person.suspended)).collect();
        assert_eq!(
            shown,
            [(marc, true), (office.anne, false)],
            "they stay in the list, and what they did stays theirs"
        );
        assert_eq!(office.document(office.anne, node).row.author, marc);

        office.does(office.anne, Command::ResumePerson { person: marc });
        office.does(marc, Command::Trash { node });
        desk.pulls(office);
    });
}

#[test]
fn an_administrator_who_is_not_suspended_always_remains() {
    on_both_engines(|office| {
        let oneself = office.cannot(office.anne, Command::SuspendPerson { person: office.anne });
        assert_eq!((oneself.code, oneself.details["reason"].as_str()), (FailureCode::Denied, "oneself"));
        let marc = office.hire("Marc", Role::Administrator);
        office.does(office.anne, Command::SuspendPerson { person: marc });
        let step_down = set_role(office.anne, Role::Administrator, Role::Manager);
        let last = office.cannot(office.anne, step_down);
        assert_eq!(last.details["reason"], "last_administrator", "one who is suspended does not count");
    });
}

#[test]
fn an_address_is_corrected_until_its_owner_has_chosen_a_password() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Collaborator);
        let before = office.firm.person(marc).unwrap().email;
        let taken = office.cannot(office.anne, set_email(marc, &before, "ANNE@cabinet-martin.fr"));
        assert_eq!((taken.code, taken.details["reason"].as_str()), (FailureCode::InvalidEmail, "used"));
        office.cannot_because(office.anne, set_email(marc, &before, "marc@"), FailureCode::InvalidEmail);
        office.does(office.anne, set_email(marc, &before, " Marc.Durand@cabinet-martin.fr "));
        let after = office.firm.person(marc).unwrap();
        assert_eq!((after.email.as_str(), after.joined_at), ("marc.durand@cabinet-martin.fr", None));

        assert!(office.firm.join(marc, office.now()).unwrap().is_some());
        assert_eq!(office.firm.join(marc, office.now()).unwrap(), None, "recorded once");
        let late = office.cannot(office.anne, set_email(marc, &after.email, "marc@cabinet-martin.fr"));
        assert_eq!((late.code, late.details["reason"].as_str()), (FailureCode::Denied, "joined"));
        let view: PeopleView = office.ask(office.anne, "list_people", ListPeople {}).unwrap();
        assert!(view.people.iter().any(|person| person.id == marc && person.joined));
    });
}

#[test]
fn two_edits_of_different_fields_merge_and_of_one_field_the_last_wins() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Collaborator);
        let named = |first: Option<&str>, last: Option<&str>| Command::UpdatePerson {
            person: marc,
            first_name: first.map(|name| change("Marc".to_owned(), name.to_owned())),
            last_name: last.map(|name| change("Durand".to_owned(), name.to_owned())),
            role: None,
            email: None,
        };
        office.does(office.anne, named(Some("Marco"), None));
        office.does(office.anne, named(None, Some("Durand-Petit")));
        office.does(office.anne, named(Some("Marcel"), None));
        let row = office.firm.person(marc).unwrap();
        assert_eq!((row.first_name.as_str(), row.last_name.as_str()), ("Marcel", "Durand-Petit"));
        let undo = office.strict(named(Some("Marc"), None));
        let Outcome::Refused { failure } = office.sends(office.anne, undo) else {
            panic!("undone over another's edit")
        };
        assert_eq!(failure.code, FailureCode::ChangedSince);
    });
}
