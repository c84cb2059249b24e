//! People of the firm: added, renamed, given roles.

use domain::id::PersonId;
use domain::person::Role;
use protocol::command::{Command, Outcome};
use protocol::failure::FailureCode;
use protocol::query::ListPeople;
use protocol::view::PeopleView;

use crate::office::{change, on_both_engines};

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
    Command::UpdatePerson { person, first_name: None, last_name: None, role: Some(change(seen, value)) }
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

#[test]
fn two_edits_of_different_fields_merge_and_of_one_field_the_last_wins() {
    on_both_engines(|office| {
        let marc = office.hire("Marc", Role::Collaborator);
        let named = |first: Option<&str>, last: Option<&str>| Command::UpdatePerson {
            person: marc,
            first_name: first.map(|name| change("Marc".to_owned(), name.to_owned())),
            last_name: last.map(|name| change("Durand".to_owned(), name.to_owned())),
            role: None,
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
