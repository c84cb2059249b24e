//! Pages as lists of marks, in points from the top left corner.
//!
//! A page is drawn once and leaves either as vector PDF ([`Paper::to_pdf`]) or as a picture of paper on a scanner
//! ([`Paper::to_scan`]). Marks are kept until the end so that a footer can say how many pages there are.

mod flow;
mod letterhead;
mod pdf;
mod scan;
mod typeface;

use chrono::NaiveDate;

pub(crate) use flow::{Align, Block, Report, Row, Table};
pub(crate) use letterhead::{Letterhead, accent, footer, logo, mentions};
pub(crate) use typeface::Face;

/// A colour of ink or paper.
pub(crate) type Ink = [u8; 3];

pub(crate) const BLACK: Ink = [28, 28, 32];
pub(crate) const GREY: Ink = [108, 112, 120];
pub(crate) const PALE: Ink = [238, 240, 244];
pub(crate) const LINE: Ink = [196, 200, 208];
pub(crate) const WHITE: Ink = [255, 255, 255];

/// Width and height of A4.
pub(crate) const A4: (f32, f32) = (595.28, 841.89);
/// Left and right margin of a letter.
pub(crate) const MARGIN: f32 = 48.0;

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) face: Face,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// A line of text; `y` is its baseline.
    Text {
        x: f32,
        y: f32,
        style: Style,
        text: String,
    },
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    Rule {
        x1: f32,
        x2: f32,
        y: f32,
        weight: f32,
        ink: Ink,
    },
}

/// A document made of pages of one size.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) date: NaiveDate,
    pub(crate) size: (f32, f32),
    pub(crate) pages: Vec<Vec<Mark>>,
}

/// Text of a size in black.
pub(crate) const fn regular(size: f32) -> Style {
    Style { face: Face::Regular, size, ink: BLACK }
}

/// Bold text of a size in black.
pub(crate) const fn bold(size: f32) -> Style {
    Style { face: Face::Bold, size, ink: BLACK }
}

/// Small print.
pub(crate) const fn grey(size: f32) -> Style {
    Style { face: Face::Regular, size, ink: GREY }
}

impl Style {
    /// The same in another colour.
    pub(crate) const fn in_ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// Width of a text on one line.
    pub(crate) fn width(self, text: &str) -> f32 {
        self.face.width(self.size, text)
    }

    /// Cuts a text into lines of at most `width`.
    pub(crate) fn wrap(self, text: &str, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut current = String::new();
            for word in paragraph.split(' ') {
                let longer = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
                if self.width(&longer) > width && !current.is_empty() {
                    lines.push(std::mem::replace(&mut current, word.to_owned()));
                } else {
                    current = longer;
                }
            }
            lines.push(current);
        }
        lines
    }
}

impl Paper {
    /// A document with one blank page.
    pub(crate) fn new(title: &str, author: &str, date: NaiveDate, size: (f32, f32)) -> Self {
        Self { title: title.to_owned(), author: author.to_owned(), date, size, pages: vec![Vec::new()] }
    }

    /// Goes on with a blank page.
    pub(crate) fn turn(&mut self) {
        self.pages.push(Vec::new());
    }

    /// Text that begins at `x`.
    pub(crate) fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.mark(Mark::Text { x, y, style, text: text.to_owned() });
    }

    /// Text that ends at `x`.
    pub(crate) fn text_to(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.text(x - style.width(text), y, style, text);
    }

    /// Text whose middle is at `x`.
    pub(crate) fn text_around(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.text(x - style.width(text) / 2.0, y, style, text);
    }

    /// Lines of text, one under the other; returns the baseline after the last.
    pub(crate) fn lines(&mut self, x: f32, y: f32, style: Style, lines: &[impl AsRef<str>]) -> f32 {
        let mut y = y;
        for line in lines.iter().map(AsRef::as_ref).filter(|line| !line.is_empty()) {
            self.text(x, y, style, line);
            y += style.size * 1.38;
        }
        y
    }

    /// A filled rectangle.
    pub(crate) fn fill(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        self.mark(Mark::Fill { x, y, width, height, ink });
    }

    /// A rectangle of thin lines.
    pub(crate) fn frame(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        self.mark(Mark::Frame { x, y, width, height, ink });
    }

    /// A horizontal line.
    pub(crate) fn rule(&mut self, x1: f32, x2: f32, y: f32, weight: f32, ink: Ink) {
        self.mark(Mark::Rule { x1, x2, y, weight, ink });
    }

    fn mark(&mut self, mark: Mark) {
        self.pages.last_mut().expect("BUG: a paper always has a page").push(mark);
    }
}
