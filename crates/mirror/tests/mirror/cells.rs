//! The table of what is planned, cell by cell: what happened to a document here, what happened to it there, and what is
//! done about it.

use std::fmt::Write as _;

use domain::id::NodeId;
use expect_test::{Expect, expect};
use mirror::plan::{Absorption, Action, Change, Op, Proof, plan};
use mirror::trees::Place;

use crate::world::{World, content, node, place};

const DOCUMENT: NodeId = node(100);
const LOT: NodeId = node(101);
const IN_LOT: NodeId = node(102);
const ACHATS: NodeId = node(3);
const VENTES: NodeId = node(4);

/// A world at rest: a document in Achats, and a folder there with another one in it.
fn at_rest() -> World {
    let mut world = World::new();
    world.add_firm_document(DOCUMENT, ACHATS, "bail.pdf", content(1));
    world.add_firm_folder(LOT, ACHATS, "Lot", false, true);
    world.add_firm_document(IN_LOT, LOT, "note.pdf", content(2));
    world.pull();
    while !world.dirty.is_empty() {
        let plan = world.plan();
        let order = 0..plan.ops.len();
        world.carry_out(plan, order);
    }
    world
}

fn folder(id: NodeId) -> String {
    match id {
        ACHATS => "Achats".into(),
        VENTES => "Ventes".into(),
        LOT => "Lot".into(),
        mirror::trees::ROOT => "/".into(),
        mirror::trees::PARKED => "(hidden)".into(),
        other if other == domain::tree::permanent_folder_id(crate::world::CLIENT, domain::tree::FIRM_INBOX) => {
            "inbox".into()
        }
        other if other == crate::world::CLIENT.root() => "Alter Ce".into(),
        other if other == node(2) => "Annuel".into(),
        _ => "new".into(),
    }
}

fn at(place: &Place) -> String {
    format!("{}/{}", folder(place.parent), place.name)
}

fn shown(op: &Op) -> String {
    let proof = |proof: &Proof| if matches!(proof, Proof::Held(_)) { "held" } else { "kept" };
    match &op.action {
        Action::MakeFolder { place } => format!("make {}", at(place)),
        Action::Fetch { place, .. } => format!("fetch {}", at(place)),
        Action::Replace { proof: why, .. } => format!("replace ({})", proof(why)),
        Action::Move { from, to } => format!("move {} to {}", at(from), at(to)),
        Action::Quarantine { proof: why, .. } => format!("take away ({})", proof(why)),
        Action::RemoveFolder => "remove folder".into(),
        Action::Commit(change) => match change {
            Change::CreateFolder { parent, name } => format!("tell: folder {}/{name}", folder(*parent)),
            Change::AddDocument { parent, name, .. } => format!("tell: document {}/{name}", folder(*parent)),
            Change::AddVersion { .. } => "tell: version".into(),
            Change::Place { from, to } => format!("tell: {} is at {}", at(from), at(to)),
            Change::Trash => "tell: trash".into(),
            Change::Restore => "tell: restore".into(),
            Change::Revive { to, .. } => format!("tell: revived at {}", at(to)),
        },
        Action::Absorb(absorption) => match absorption {
            Absorption::Adopt { .. } => "adopt".into(),
            Absorption::Forget | Absorption::ForgetBelow => "forget".into(),
            _ => "absorb".into(),
        },
    }
}

fn check(there: impl Fn(&mut World), here: impl Fn(&mut World), expected: &Expect) {
    let mut world = at_rest();
    there(&mut world);
    here(&mut world);
    world.pull();
    let plan = plan(&world, world.dirty.iter().copied());
    let mut text = String::new();
    for op in &plan.ops {
        writeln!(text, "{}", shown(op)).unwrap();
    }
    for reason in plan.blocked.values() {
        writeln!(text, "blocked: {reason:?}").unwrap();
    }
    expected.assert_eq(&text);
}

fn nothing(_: &mut World) {}

fn moved_there(world: &mut World) {
    assert!(world.place_at_firm(DOCUMENT, &place(VENTES, "bail.pdf")));
}

fn saved_there(world: &mut World) {
    world.save_at_firm(DOCUMENT, content(10));
}

fn trashed_there(world: &mut World) {
    world.firm.get_mut(&DOCUMENT).unwrap().trashed = true;
}

fn moved_here(world: &mut World) {
    world.move_local(DOCUMENT, place(ACHATS, "bail signé.pdf"));
}

fn saved_here(world: &mut World) {
    world.save_local(DOCUMENT, content(20));
}

fn removed_here(world: &mut World) {
    world.remove_local(DOCUMENT);
}

#[test]
fn same_here() {
    check(nothing, nothing, &expect![[r""]]);
    check(
        moved_there,
        nothing,
        &expect![[r#"
        move Achats/bail.pdf to Ventes/bail.pdf
    "#]],
    );
    check(
        saved_there,
        nothing,
        &expect![[r#"
        replace (held)
    "#]],
    );
    check(
        trashed_there,
        nothing,
        &expect![[r#"
        take away (held)
    "#]],
    );
}

#[test]
fn moved_here_and() {
    check(
        nothing,
        moved_here,
        &expect![[r#"
        tell: Achats/bail.pdf is at Achats/bail signé.pdf
    "#]],
    );
    check(
        moved_there,
        moved_here,
        &expect![[r#"
        move Achats/bail signé.pdf to Ventes/bail.pdf
    "#]],
    );
    check(
        saved_there,
        moved_here,
        &expect![[r#"
        replace (held)
        tell: Achats/bail.pdf is at Achats/bail signé.pdf
    "#]],
    );
    check(
        trashed_there,
        moved_here,
        &expect![[r#"
        tell: revived at Achats/bail signé.pdf
    "#]],
    );
    let same = |world: &mut World| world.move_local(DOCUMENT, place(VENTES, "bail.pdf"));
    check(
        moved_there,
        same,
        &expect![[r#"
        absorb
    "#]],
    );
}

#[test]
fn saved_here_and() {
    check(
        nothing,
        saved_here,
        &expect![[r#"
        tell: version
    "#]],
    );
    check(
        moved_there,
        saved_here,
        &expect![[r#"
        tell: version
        move Achats/bail.pdf to Ventes/bail.pdf
    "#]],
    );
    check(
        saved_there,
        saved_here,
        &expect![[r#"
        tell: version
    "#]],
    );
    check(
        trashed_there,
        saved_here,
        &expect![[r#"
        tell: version
    "#]],
    );
    let same = |world: &mut World| world.save_local(DOCUMENT, content(10));
    check(
        saved_there,
        same,
        &expect![[r#"
        absorb
    "#]],
    );
}

#[test]
fn removed_here_and() {
    check(
        nothing,
        removed_here,
        &expect![[r#"
        tell: trash
    "#]],
    );
    check(
        moved_there,
        removed_here,
        &expect![[r#"
        forget
        fetch Ventes/bail.pdf
    "#]],
    );
    check(
        saved_there,
        removed_here,
        &expect![[r#"
        forget
        fetch Achats/bail.pdf
    "#]],
    );
    check(
        trashed_there,
        removed_here,
        &expect![[r#"
        forget
    "#]],
    );
}

#[test]
fn new_on_both_sides_under_one_name() {
    let there = |world: &mut World| world.add_firm_document(node(200), VENTES, "new.pdf", content(30));
    let same = |world: &mut World| {
        world.add_local(VENTES, "NEW.pdf", Some(content(30)));
    };
    let other = |world: &mut World| {
        world.add_local(VENTES, "new.pdf", Some(content(31)));
    };
    check(
        there,
        same,
        &expect![[r#"
        adopt
    "#]],
    );
    check(
        there,
        other,
        &expect![[r#"
        tell: document Ventes/new.pdf
    "#]],
    );
    let folder_there = |world: &mut World| world.add_firm_folder(node(201), VENTES, "Lot 2", false, true);
    let folder_here = |world: &mut World| {
        world.add_local(VENTES, "Lot 2", None);
    };
    check(
        folder_there,
        folder_here,
        &expect![[r#"
        adopt
    "#]],
    );
}

#[test]
fn folders() {
    let trashed = |world: &mut World| world.firm.get_mut(&LOT).unwrap().trashed = true;
    let removed = |world: &mut World| world.remove_local(LOT);
    let filled = |world: &mut World| {
        world.add_local(LOT, "more.pdf", Some(content(40)));
    };
    let filled_there = |world: &mut World| world.add_firm_document(node(300), LOT, "more.pdf", content(41));
    check(
        nothing,
        removed,
        &expect![[r#"
        tell: trash
    "#]],
    );
    check(
        trashed,
        nothing,
        &expect![[r#"
        forget
    "#]],
    );
    check(
        trashed,
        filled,
        &expect![[r#"
        forget
        tell: restore
        tell: document Lot/more.pdf
    "#]],
    );
    check(
        filled_there,
        removed,
        &expect![[r#"
        forget
        make Achats/Lot
        fetch Lot/more.pdf
    "#]],
    );
    check(
        trashed,
        removed,
        &expect![[r#"
        forget
        forget
    "#]],
    );
}

#[test]
fn what_may_not_be_is_put_back_or_goes_to_the_inbox() {
    let renamed = |world: &mut World| world.move_local(VENTES, place(node(2), "Ventes 2026"));
    let removed = |world: &mut World| world.remove_local(VENTES);
    let into_a_container = |world: &mut World| world.move_local(DOCUMENT, place(node(2), "bail.pdf"));
    let dropped = |world: &mut World| {
        world.add_local(node(2), "drop.pdf", Some(content(50)));
    };
    let dropped_at_the_root = |world: &mut World| {
        world.add_local(mirror::trees::ROOT, "drop.pdf", Some(content(50)));
    };
    check(
        nothing,
        renamed,
        &expect![[r#"
        move Annuel/Ventes 2026 to Annuel/Ventes
    "#]],
    );
    check(
        nothing,
        removed,
        &expect![[r#"
        forget
        make Annuel/Ventes
    "#]],
    );
    check(
        nothing,
        into_a_container,
        &expect![[r#"
        move Annuel/bail.pdf to Achats/bail.pdf
    "#]],
    );
    check(
        nothing,
        dropped,
        &expect![[r#"
        tell: document inbox/drop.pdf
    "#]],
    );
    check(
        nothing,
        dropped_at_the_root,
        &expect![[r#"
        blocked: OutsideClient
    "#]],
    );
}

#[test]
fn names_exchanged() {
    let here = |world: &mut World| {
        world.add_firm_document(node(400), ACHATS, "autre.pdf", content(60));
        world.pull();
        while !world.dirty.is_empty() {
            let plan = world.plan();
            let order = 0..plan.ops.len();
            world.carry_out(plan, order);
        }
        world.move_local(DOCUMENT, place(ACHATS, "autre.pdf"));
        world.move_local(node(400), place(ACHATS, "bail.pdf"));
    };
    check(
        nothing,
        here,
        &expect![[r#"
        tell: Achats/bail.pdf is at Achats/autre (2).pdf
        tell: Achats/autre.pdf is at Achats/bail.pdf
        tell: Achats/autre (2).pdf is at Achats/autre.pdf
    "#]],
    );
    let there = |world: &mut World| {
        let (one, other) = (world.firm[&DOCUMENT].row.place.clone(), world.firm[&LOT].row.place.clone());
        world.firm.get_mut(&DOCUMENT).unwrap().row.place = other;
        world.firm.get_mut(&LOT).unwrap().row.place = one;
    };
    check(
        there,
        nothing,
        &expect![[r#"
        move Achats/bail.pdf to (hidden)/00000000-0000-0000-0000-000000000064
        move Achats/Lot to Achats/bail.pdf
        move (hidden)/00000000-0000-0000-0000-000000000064 to Achats/Lot
    "#]],
    );
}
