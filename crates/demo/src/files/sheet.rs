//! Workbooks, through `rust_xlsxwriter`: amounts with their format, and totals that are formulas with their results.

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Worksheet};

use crate::french::parts;
use crate::money::Cents;

/// Row of the first line of figures: a title, a blank row and the headers come before.
const FIRST_ROW: u32 = 3;
/// What Excel calls that paper.
const A4: u8 = 9;

/// Excel shows the separators of its user: spaces and a comma in French.
const AMOUNT: &str = "#,##0.00";

/// What a cell holds.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
    Date(NaiveDate),
    Amount(Cents),
    /// Sum of other columns of its row, with its result.
    Sum(Vec<u16>, Cents),
    /// One column less another, with its result.
    Difference(u16, u16, Cents),
}

/// A sheet: a title, a table, a row of totals.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) headers: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Columns that have a total.
    pub(crate) totals: Vec<u16>,
}

/// A spreadsheet file.
#[derive(Debug, Clone)]
pub(crate) struct Workbook {
    /// When it was made, as its properties say.
    pub(crate) date: NaiveDate,
    pub(crate) sheets: Vec<Sheet>,
}

struct Formats {
    title: Format,
    header: Format,
    figure_header: Format,
    amount: Format,
    date: Format,
    total: Format,
}

impl Cell {
    /// The amount it shows, if it shows one.
    pub(crate) fn amount(&self) -> Option<Cents> {
        match self {
            Self::Amount(amount) | Self::Sum(_, amount) | Self::Difference(_, _, amount) => Some(*amount),
            Self::Text(_) | Self::Number(_) | Self::Date(_) => None,
        }
    }
}

impl Workbook {
    /// The XLSX file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.write().expect("BUG: a workbook breaks a limit of Excel")
    }

    fn write(&self) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let (year, month, day) = parts(self.date);
        let created = ExcelDateTime::from_ymd(year, month, day)?.and_hms(9, 0, 0)?;
        workbook.set_properties(
            &DocProperties::new().set_author("Cabinet Rivage & Associés").set_creation_datetime(&created),
        );
        let header = Format::new()
            .set_bold()
            .set_background_color(0xDD_E6_F0)
            .set_border_bottom(FormatBorder::Thin)
            .set_text_wrap();
        let formats = Formats {
            title: Format::new().set_bold().set_font_size(14),
            figure_header: header.clone().set_align(FormatAlign::Right),
            header,
            amount: Format::new().set_num_format(AMOUNT),
            date: Format::new().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left),
            total: Format::new().set_bold().set_num_format(AMOUNT).set_border_top(FormatBorder::Thin),
        };
        for sheet in &self.sheets {
            sheet.fill(workbook.add_worksheet(), &formats)?;
        }
        workbook.save_to_buffer()
    }
}

impl Sheet {
    fn fill(&self, page: &mut Worksheet, formats: &Formats) -> Result<(), rust_xlsxwriter::XlsxError> {
        page.set_name(&self.name)?;
        page.write_with_format(0, 0, &self.title, &formats.title)?;
        page.set_freeze_panes(FIRST_ROW, 0)?;
        page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        for (column, header) in (0u16..).zip(&self.headers) {
            let is_figure = self.totals.contains(&column);
            let format = if is_figure { &formats.figure_header } else { &formats.header };
            page.write_with_format(FIRST_ROW - 1, column, header, format)?;
            page.set_column_width(column, self.width(column))?;
        }
        let mut row = FIRST_ROW;
        for cells in &self.rows {
            for (column, cell) in (0u16..).zip(cells) {
                write_cell(page, row, column, cell, formats)?;
            }
            row += 1;
        }
        for column in (0u16..).take(self.headers.len()) {
            page.write_blank(row, column, &formats.total)?;
        }
        page.write_with_format(row, 0, "Totaux", &formats.total)?;
        for &column in &self.totals {
            let sum: Cents = self.rows.iter().filter_map(|cells| cells[usize::from(column)].amount()).sum();
            let letter = letter(column);
            let formula = if self.rows.is_empty() {
                "=0".to_owned()
            } else {
                format!("=SUM({letter}{}:{letter}{row})", FIRST_ROW + 1)
            };
            page.write_formula_with_format(
                row,
                column,
                Formula::new(formula).set_result(decimal(sum)),
                &formats.total,
            )?;
        }
        Ok(())
    }

    /// Wide enough for the header and for text; the table's title may run over.
    fn width(&self, column: u16) -> u16 {
        let texts = self.rows.iter().filter_map(|cells| match &cells[usize::from(column)] {
            Cell::Text(text) => Some(text.chars().count()),
            _ => None,
        });
        let longest = texts.max().unwrap_or(11).max(self.headers[usize::from(column)].chars().count()).min(48);
        u16::try_from(longest).unwrap_or(48) + 3
    }
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    let here = row + 1;
    let formula = |text: String, result: Cents| Formula::new(text).set_result(decimal(result));
    match cell {
        Cell::Text(text) => page.write(row, column, text)?,
        Cell::Number(number) => page.write(row, column, *number)?,
        Cell::Date(date) => page.write_with_format(row, column, date, &formats.date)?,
        Cell::Amount(amount) => page.write_number_with_format(row, column, euros(*amount), &formats.amount)?,
        Cell::Sum(columns, result) => {
            let terms: Vec<String> = columns.iter().map(|&column| format!("{}{here}", letter(column))).collect();
            page.write_formula_with_format(
                row,
                column,
                formula(format!("={}", terms.join("+")), *result),
                &formats.amount,
            )?
        }
        Cell::Difference(from, less, result) => {
            let text = format!("={}{here}-{}{here}", letter(*from), letter(*less));
            page.write_formula_with_format(row, column, formula(text, *result), &formats.amount)?
        }
    };
    Ok(())
}

fn letter(column: u16) -> char {
    char::from(b'A' + u8::try_from(column).expect("BUG: a table has more than 26 columns"))
}

/// With a decimal point, as the file stores results.
fn decimal(amount: Cents) -> String {
    amount.plain().replace(',', ".")
}

fn euros(amount: Cents) -> f64 {
    decimal(amount).parse().expect("BUG: an amount is not a number")
}
