//! Who may do what: the whole table, and the text of scopes.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Act, Actor, Denial, Scope, ThemeGrant};
use domain::id::{ClientFileId, PersonId};
use domain::person::Role;
use domain::tree::Theme;

fn mine() -> ClientFileId {
    ClientFileId::derived(&["mine"])
}

fn other() -> ClientFileId {
    ClientFileId::derived(&["another's"])
}

fn actor(role: Role, grant: Option<ThemeGrant>) -> Actor {
    let assignments = grant.into_iter().map(|grant| (mine(), grant)).collect();
    Actor { person: PersonId::derived(&["me"]), role, assignments }
}

fn only(themes: &[&str]) -> ThemeGrant {
    ThemeGrant::Only(themes.iter().map(|theme| Theme::new(theme)).collect())
}

#[test]
fn each_role_and_assignment_allows_what_the_table_of_rights_says() {
    use Denial as D;
    let (achats, social) = (Theme::new("achats"), Theme::new("social"));
    let administrator = actor(Role::Administrator, None);
    let manager = actor(Role::Manager, Some(ThemeGrant::All));
    let collaborator = actor(Role::Collaborator, Some(only(&["achats"])));
    let (yes, role) = (Ok(()), Err(D::Role));
    let (away, theme) = (Err(D::NotAssigned), Err(D::Theme));
    let table = [
        (Act::ManagePeople, yes, role, role),
        (Act::CreateClientFile, yes, yes, role),
        (Act::ManageClientFile(mine()), yes, yes, role),
        (Act::ManageClientFile(other()), yes, away, role),
        (Act::AddFiscalYear(mine()), yes, yes, theme),
        (Act::AddFiscalYear(other()), yes, away, away),
        (Act::AssignPeople(mine()), yes, yes, role),
        (Act::AssignPeople(other()), yes, away, role),
        (Act::Read(mine(), &achats), yes, yes, yes),
        (Act::Read(mine(), &social), yes, yes, theme),
        (Act::Read(other(), &achats), yes, away, away),
        (Act::Write(mine(), &achats), yes, yes, yes),
        (Act::Write(mine(), &social), yes, yes, theme),
        (Act::Write(other(), &social), yes, away, away),
    ];
    for (act, by_administrator, by_manager, by_collaborator) in table {
        assert_eq!(administrator.decide(&act), by_administrator, "administrator: {act:?}");
        assert_eq!(manager.decide(&act), by_manager, "manager: {act:?}");
        assert_eq!(collaborator.decide(&act), by_collaborator, "collaborator: {act:?}");
    }
}

#[test]
fn fiscal_years_are_added_by_whoever_is_assigned_with_all_themes() {
    let collaborator = actor(Role::Collaborator, Some(ThemeGrant::All));
    assert_eq!(collaborator.decide(&Act::AddFiscalYear(mine())), Ok(()), "whatever their role");
    assert_eq!(collaborator.decide(&Act::ManageClientFile(mine())), Err(Denial::Role), "its name is another matter");
    let manager = actor(Role::Manager, Some(only(&["achats"])));
    assert_eq!(manager.decide(&Act::AddFiscalYear(mine())), Err(Denial::Theme), "folders come in every theme");
}

#[test]
fn sight_follows_assignments_and_themes() {
    let theme = |client: ClientFileId, key: &str| Scope::Theme(client, Theme::new(key));
    let me = Scope::Person(PersonId::derived(&["me"]));
    let somebody = Scope::Person(PersonId::derived(&["somebody"]));
    let table = [
        (Scope::Firm, true, true, true),
        (Scope::Client(mine()), true, true, false),
        (Scope::Client(other()), true, false, false),
        (theme(mine(), "achats"), true, true, false),
        (theme(mine(), "social"), true, false, false),
        (theme(other(), "achats"), true, false, false),
        (me, true, true, true),
        // Not even an administrator reads another person's marks and drafts.
        (somebody, false, false, false),
    ];
    let administrator = actor(Role::Administrator, None);
    let assigned = actor(Role::Collaborator, Some(only(&["achats"])));
    let nobody = actor(Role::Manager, None);
    for (scope, by_administrator, by_assigned, by_nobody) in table {
        assert_eq!(administrator.sees(&scope), by_administrator, "administrator: {scope}");
        assert_eq!(assigned.sees(&scope), by_assigned, "assigned for Achats: {scope}");
        assert_eq!(nobody.sees(&scope), by_nobody, "not assigned: {scope}");
    }
}

#[test]
fn a_grant_of_all_covers_themes_that_come_later_and_an_empty_one_covers_none() {
    let later = Theme::new("theme of a later version");
    assert!(ThemeGrant::All.covers(&later));
    assert!(!only(&[]).covers(&Theme::new("achats")));
    let lost = Actor {
        assignments: BTreeMap::from([(mine(), ThemeGrant::Only(BTreeSet::new()))]),
        ..actor(Role::Manager, None)
    };
    assert_eq!(lost.decide(&Act::Read(mine(), &later)), Err(Denial::Theme), "assigned, without a theme");
    assert!(lost.sees(&Scope::Client(mine())), "and still sees that the client file exists");
}

#[test]
fn an_unknown_role_gets_the_least_rights() {
    assert_eq!(Role::from_stored("sovereign"), Role::Collaborator);
    for role in [Role::Administrator, Role::Manager, Role::Collaborator] {
        assert_eq!(Role::from_stored(role.as_str()), role);
    }
}

#[test]
fn scopes_are_written_and_read_back() {
    let scopes = [
        Scope::Firm,
        Scope::Client(mine()),
        Scope::Theme(mine(), Theme::new("comptes_annuels")),
        Scope::Theme(mine(), Theme::new("a:b")),
        Scope::Person(PersonId::derived(&["me"])),
    ];
    for scope in scopes {
        assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
    }
    for text in ["", "firm:", "client", "client:x", "theme:x:achats", "person:", "folder:1"] {
        assert!(text.parse::<Scope>().is_err(), "{text:?}");
    }
}
