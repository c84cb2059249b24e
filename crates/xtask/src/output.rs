//! The one module that prints. Progress goes to standard error and results to standard output, so that `--json` can be
//! piped.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is where the commands speak")]

use std::io::Write;

/// A result: what the caller asked for.
pub(crate) fn result(line: &str) {
    println!("{line}");
}

/// A line of progress.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// The beginning of a step.
pub(crate) fn step(name: &str) {
    eprintln!("\n── {name} ──");
}

/// A question, its answer read from standard input. No answer is no.
pub(crate) fn confirm(question: &str) -> bool {
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let asked = std::io::stderr().flush().is_ok() && std::io::stdin().read_line(&mut answer).is_ok();
    asked && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui")
}

/// Rows under their headings, each column as wide as its widest cell. The last column is not padded.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| {
        let mut text = String::new();
        for (position, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            text.push_str(cell);
            if position + 1 < cells.len() {
                text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count()) + 2));
            }
        }
        text
    };
    let mut lines = vec![line(headings.to_vec())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines.join("\n")
}
