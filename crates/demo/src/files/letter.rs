//! Reports as DOCX, through `docx-rs`.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BreakType, Docx, Paragraph, Run, RunFonts, Table as WordTable, TableCell, TableRow, WidthType,
};

use crate::page::{Align, Block, Letterhead, Report, Table};

/// Usable width of an A4 page, in twentieths of a point.
const WIDTH: usize = 9_000;
const FONT: &str = "Calibri";
const GREY: &str = "6C7078";

/// The DOCX file of a report.
pub(crate) fn bytes(report: &Report) -> Vec<u8> {
    let mut letter = Letter { docx: blank(report), paragraphs: 0 };
    letter.head(&report.letterhead);
    let title = Run::new().add_text(report.title.as_str()).bold().size(32);
    letter.add(|paragraph| paragraph.add_run(title));
    if !report.subtitle.is_empty() {
        let subtitle = Run::new().add_text(report.subtitle.as_str()).color(GREY);
        letter.add(|paragraph| paragraph.add_run(subtitle));
    }
    for block in &report.blocks {
        letter.block(block);
    }
    let mut bytes = Cursor::new(Vec::new());
    letter.docx.build().pack(&mut bytes).expect("BUG: a letter cannot be packed in memory");
    bytes.into_inner()
}

fn blank(report: &Report) -> Docx {
    let date = format!("{}T09:00:00Z", report.date);
    Docx::new()
        .default_fonts(RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT))
        .default_size(22)
        .created_at(&date)
        .updated_at(&date)
}

struct Letter {
    docx: Docx,
    paragraphs: u32,
}

impl Letter {
    /// The library numbers paragraphs across all documents of a thread; numbers of our own keep a letter the same
    /// whatever was written before it.
    fn paragraph(&mut self) -> Paragraph {
        self.paragraphs += 1;
        Paragraph::new().id(format!("{:08X}", 0x1000 + self.paragraphs))
    }

    fn add(&mut self, with: impl FnOnce(Paragraph) -> Paragraph) {
        let paragraph = with(self.paragraph());
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    fn head(&mut self, letterhead: &Letterhead) {
        let (name, address) = match letterhead {
            Letterhead::Company(party) => (party.name.clone(), format!("{} – {}", party.street, party.city)),
            Letterhead::Administration { name, office } => ((*name).to_owned(), office.clone()),
        };
        self.add(|paragraph| paragraph.add_run(Run::new().add_text(name).bold().size(26)));
        let small = Run::new().add_text(address).size(18).color(GREY);
        self.add(|paragraph| paragraph.add_run(small));
        self.add(|paragraph| paragraph);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                let run = Run::new().add_text(text.as_str()).bold().size(24);
                self.add(|paragraph| paragraph.add_run(run));
            }
            Block::Paragraph(text) => {
                let mut run = Run::new();
                for (number, line) in text.split('\n').enumerate() {
                    if number > 0 {
                        run = run.add_break(BreakType::TextWrapping);
                    }
                    run = run.add_text(line);
                }
                let aligned = if text.contains('\n') { AlignmentType::Left } else { AlignmentType::Both };
                self.add(|paragraph| paragraph.align(aligned).add_run(run));
            }
            Block::Pairs(pairs) => {
                for (label, value) in pairs {
                    let (label, value) =
                        (Run::new().add_text(format!("{label} : ")).bold(), Run::new().add_text(value.as_str()));
                    self.add(|paragraph| paragraph.add_run(label).add_run(value));
                }
            }
            Block::Table(table) => self.table(table),
            Block::Signatures(left, right) => {
                let run = Run::new().add_text(left.as_str()).add_tab().add_tab().add_tab().add_text(right.as_str());
                self.add(|paragraph| paragraph);
                self.add(|paragraph| paragraph.add_run(run));
            }
            Block::PageBreak => self.add(|paragraph| paragraph.add_run(Run::new().add_break(BreakType::Page))),
        }
    }

    fn table(&mut self, table: &Table) {
        let whole: usize = table.columns.iter().map(|column| usize::from(column.share)).sum();
        let grid: Vec<usize> = table.columns.iter().map(|column| WIDTH * usize::from(column.share) / whole).collect();
        let headers: Vec<String> = table.columns.iter().map(|column| column.header.clone()).collect();
        let mut rows = vec![self.row(table, &grid, &headers, true)];
        for row in &table.rows {
            rows.push(self.row(table, &grid, &row.cells, row.strong));
        }
        let word = WordTable::new(rows).set_grid(grid).width(WIDTH, WidthType::Dxa);
        self.docx = std::mem::take(&mut self.docx).add_table(word);
        self.add(|paragraph| paragraph);
    }

    fn row(&mut self, table: &Table, grid: &[usize], cells: &[String], strong: bool) -> TableRow {
        let mut row = Vec::new();
        for ((column, width), text) in table.columns.iter().zip(grid).zip(cells) {
            let run = Run::new().add_text(text.as_str());
            let run = if strong { run.bold() } else { run };
            let side = if column.align == Align::Right { AlignmentType::Right } else { AlignmentType::Left };
            let paragraph = self.paragraph().align(side).add_run(run);
            row.push(TableCell::new().width(*width, WidthType::Dxa).add_paragraph(paragraph));
        }
        TableRow::new(row)
    }
}
