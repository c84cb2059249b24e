//! Reports: blocks of text and tables that flow from page to page under a letterhead.
//!
//! Everything that is neither an invoice nor a statement nor a payslip is a report, on paper or as a letter in DOCX.

use chrono::NaiveDate;

use super::letterhead::{Letterhead, footer};
use super::{A4, BLACK, LINE, MARGIN, PALE, Paper, Style, bold, grey, regular};

/// Where the flow stops on a page.
const BOTTOM: f32 = A4.1 - 62.0;
const WIDTH: f32 = A4.0 - 2.0 * MARGIN;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) header: String,
    /// Part of the width, out of the sum of all columns.
    pub(crate) share: u16,
    pub(crate) align: Align,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    /// Totals and titles.
    pub(crate) strong: bool,
}

/// A table whose header is repeated on each page.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A piece of a report.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Heading(String),
    Paragraph(String),
    /// Labels and what they are worth.
    Pairs(Vec<(String, String)>),
    Table(Table),
    /// Room for two people to sign.
    Signatures(String, String),
    PageBreak,
}

/// A document of text and tables.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) letterhead: Letterhead,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) date: NaiveDate,
    pub(crate) blocks: Vec<Block>,
}

impl Table {
    /// A table of columns given as header, share and side.
    pub(crate) fn new(columns: &[(&str, u16, Align)], rows: Vec<Row>) -> Self {
        let columns = columns.iter().map(|(header, share, align)| Column {
            header: (*header).to_owned(),
            share: *share,
            align: *align,
        });
        Self { columns: columns.collect(), rows }
    }
}

impl Row {
    /// An ordinary row.
    pub(crate) fn plain(cells: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { cells: cells.into_iter().map(Into::into).collect(), strong: false }
    }

    /// A total or a title.
    pub(crate) fn strong(cells: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { strong: true, ..Self::plain(cells) }
    }
}

impl Report {
    /// The report set on A4 pages.
    pub(crate) fn paper(&self) -> Paper {
        let author = match &self.letterhead {
            Letterhead::Company(party) => party.name.as_str(),
            Letterhead::Administration { name, .. } => name,
        };
        let mut paper = Paper::new(&self.title, author, self.date, A4);
        let mut y = self.letterhead.draw(&mut paper) + 8.0;
        for line in bold(16.0).wrap(&self.title, WIDTH) {
            paper.text(MARGIN, y, bold(16.0), &line);
            y += 20.0;
        }
        if !self.subtitle.is_empty() {
            paper.text(MARGIN, y, grey(10.0), &self.subtitle);
            y += 14.0;
        }
        let mut flow = Flow { paper, y: y + 10.0 };
        for block in &self.blocks {
            flow.place(block);
        }
        let mut paper = flow.paper;
        footer(&mut paper, &self.letterhead.mentions());
        paper
    }
}

struct Flow {
    paper: Paper,
    y: f32,
}

impl Flow {
    /// Turns the page unless `height` is left on this one.
    fn keep(&mut self, height: f32) -> bool {
        let turns = self.y + height > BOTTOM;
        if turns {
            self.paper.turn();
            self.y = 64.0;
        }
        turns
    }

    fn place(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                self.keep(52.0);
                self.y += 8.0;
                self.write(bold(11.0), text, 15.0);
                self.y += 3.0;
            }
            Block::Paragraph(text) => {
                self.write(regular(9.6), text, 13.4);
                self.y += 6.0;
            }
            Block::Pairs(pairs) => {
                for (label, value) in pairs {
                    self.keep(15.0);
                    self.paper.text(MARGIN, self.y, grey(9.2), label);
                    let top = self.y;
                    for line in regular(9.4).wrap(value, WIDTH - 172.0) {
                        self.paper.text(MARGIN + 172.0, self.y, regular(9.4), &line);
                        self.y += 13.0;
                    }
                    self.y = self.y.max(top + 13.0) + 2.0;
                }
                self.y += 8.0;
            }
            Block::Table(table) => self.table(table),
            Block::Signatures(left, right) => {
                self.keep(96.0);
                self.y += 14.0;
                for (x, name) in [(MARGIN, left), (MARGIN + WIDTH / 2.0 + 8.0, right)] {
                    if !name.is_empty() {
                        self.paper.text(x, self.y, bold(9.4), name);
                        self.paper.text(x, self.y + 13.0, grey(8.2), "Signature");
                        self.paper.frame((x, self.y + 19.0), (WIDTH / 2.0 - 16.0, 52.0), LINE);
                    }
                }
                self.y += 84.0;
            }
            Block::PageBreak => {
                self.paper.turn();
                self.y = 64.0;
            }
        }
    }

    fn write(&mut self, style: Style, text: &str, leading: f32) {
        for line in style.wrap(text, WIDTH) {
            self.keep(leading);
            self.paper.text(MARGIN, self.y, style, &line);
            self.y += leading;
        }
    }

    fn table(&mut self, table: &Table) {
        self.keep(56.0);
        self.header(table);
        for row in &table.rows {
            if self.keep(15.0) {
                self.header(table);
            }
            if row.strong {
                self.paper.fill((MARGIN, self.y - 10.5), (WIDTH, 15.0), PALE);
            }
            let style = if row.strong { bold(8.6) } else { regular(8.6) };
            self.cells(table, &row.cells, style);
            self.y += 15.0;
        }
        self.paper.rule(MARGIN, MARGIN + WIDTH, self.y - 10.0, 0.6, LINE);
        self.y += 10.0;
    }

    fn header(&mut self, table: &Table) {
        let headers: Vec<String> = table.columns.iter().map(|column| column.header.clone()).collect();
        if headers.iter().any(|header| !header.is_empty()) {
            self.cells(table, &headers, bold(8.2).in_ink(BLACK));
            self.paper.rule(MARGIN, MARGIN + WIDTH, self.y + 4.5, 0.9, BLACK);
            self.y += 17.0;
        }
    }

    fn cells(&mut self, table: &Table, cells: &[String], style: Style) {
        let whole: f32 = table.columns.iter().map(|column| f32::from(column.share)).sum();
        let mut x = MARGIN;
        for (column, cell) in table.columns.iter().zip(cells) {
            let width = WIDTH * f32::from(column.share) / whole;
            match column.align {
                Align::Left => self.paper.text(x + 3.0, self.y, style, &fitted(style, cell, width - 6.0)),
                Align::Right => self.paper.text_to(x + width - 3.0, self.y, style, cell),
            }
            x += width;
        }
    }
}

/// A text cut to a width, with an ellipsis.
pub(super) fn fitted(style: Style, text: &str, width: f32) -> String {
    if style.width(text) <= width {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while !short.is_empty() && style.width(&short) + style.width("…") > width {
        short.pop();
    }
    format!("{}…", short.trim_end())
}
