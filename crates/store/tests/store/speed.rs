//! Ten thousand documents at once: dropped, pushed, pulled and confirmed without a phase that takes for ever.

use std::time::Duration;

use protocol::command::Command;

use crate::desk::Desk;
use crate::office::{Office, YEAR_2026, content_of};

const DOCUMENTS: u32 = 10_000;
/// Far above what a phase takes on the slowest machine, and far below what a quadratic one does.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time this thread had a processor: other tests run beside this one. Where the system does not tell, nothing.
fn at_work() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

#[expect(clippy::print_stdout, reason = "how long each phase took, for whoever runs this with --nocapture")]
fn timed<T>(phase: &str, work: impl FnOnce() -> T) -> T {
    let began = at_work();
    let result = work();
    let took = at_work().saturating_sub(began);
    println!("{phase}: {:.2} s", took.as_secs_f64());
    assert!(took < PATIENCE, "{phase} took {took:?}");
    result
}

#[test]
fn ten_thousand_documents_are_pushed_in_batches_and_confirmed_by_one_pull() {
    let office = Office::sqlite();
    let client = office.client("Alter Ce", &[YEAR_2026]);
    let march = office.month(client, "Achats", "2026-03");
    let desk = Desk::ready(&office, office.anne);
    let commands: Vec<Command> = (0..DOCUMENTS)
        .map(|n| office.add_document(march, &format!("Facture {n}.pdf"), content_of(&n.to_string())).2)
        .collect();
    timed("executed here", || {
        for chunk in commands.chunks(500) {
            let envelopes: Vec<_> = chunk.iter().map(|command| office.envelope(command.clone())).collect();
            desk.replica
                .write(|tx| {
                    for envelope in &envelopes {
                        tx.execute(envelope)?;
                    }
                    Ok(())
                })
                .unwrap();
        }
    });
    timed("looked a hundred times for what can go, while all wait", || {
        for _ in 0..100 {
            assert!(desk.batch(1_000).is_empty());
        }
    });
    timed("contents recorded", || desk.sends_contents(&office));
    timed("pushed", || desk.pushes(&office));
    timed("pulled", || desk.pulls(&office));
    assert!(desk.unsettled().is_empty());
    let fresh = timed("pulled into a new replica", || Desk::ready(&office, office.anne));
    assert_eq!(desk.rows(), fresh.rows());

    // All of them pending while somebody else's change of the same rows comes in.
    timed("marked here", || {
        desk.replica
            .write(|tx| {
                for command in &commands {
                    let Command::AddDocument { node, version, .. } = command else { continue };
                    tx.execute(&office.envelope(Command::MarkRead { node: *node, version: *version }))?;
                    tx.execute(&office.envelope(Command::Trash { node: *node }))?;
                }
                Ok(())
            })
            .unwrap();
    });
    let Command::AddDocument { node, .. } = commands[0] else { panic!("BUG: a document is added") };
    office.does(office.anne, crate::office::rename(node, "Facture 0.pdf", "Autre.pdf"));
    timed("pulled under 20,000 pending commands", || desk.pulls(&office));
    timed("pushed", || desk.pushes(&office));
    timed("pulled", || desk.pulls(&office));
    assert!(desk.unsettled().is_empty());
}
