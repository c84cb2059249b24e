//! Pages as PDF, through `krilla`.

use chrono::NaiveDate;
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use super::{Ink, Mark, Paper};
use crate::french::parts;

impl Paper {
    /// The pages as a PDF with embedded fonts.
    pub(crate) fn to_pdf(&self) -> Vec<u8> {
        let mut document = Document::new();
        for page in &self.pages {
            let mut sheet = document.start_page_with(settings(self.size));
            let mut surface = sheet.surface();
            for mark in page {
                draw(&mut surface, mark);
            }
            surface.finish();
            sheet.finish();
        }
        finish(document, &self.title, &self.author, self.date)
    }

    /// The pages as they come out of the office copier: a PDF that holds pictures.
    pub(crate) fn to_scanned_pdf(&self, noise: u64) -> Vec<u8> {
        let mut document = Document::new();
        for (number, _) in self.pages.iter().enumerate() {
            let jpeg = self.to_scan(number, noise.wrapping_add(number as u64));
            let picture = Image::from_jpeg(jpeg.into(), false).expect("BUG: a scan is not a valid JPEG");
            let mut sheet = document.start_page_with(settings(self.size));
            let mut surface = sheet.surface();
            surface.draw_image(picture, Size::from_wh(self.size.0, self.size.1).expect("BUG: a page has no size"));
            surface.finish();
            sheet.finish();
        }
        finish(document, &self.title, "Copieur accueil", self.date)
    }
}

fn settings((width, height): (f32, f32)) -> PageSettings {
    PageSettings::from_wh(width, height).expect("BUG: a page has no size")
}

fn finish(mut document: Document, title: &str, author: &str, date: NaiveDate) -> Vec<u8> {
    let (year, month, day) = parts(date);
    let created = DateTime::new(year).month(month).day(day).hour(9).minute(0).second(0);
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .authors(vec![author.to_owned()])
            .language("fr-FR".to_owned())
            .creation_date(created),
    );
    document.finish().expect("BUG: the pages make no valid PDF")
}

fn draw(surface: &mut Surface<'_>, mark: &Mark) {
    match mark {
        Mark::Text { x, y, style, text } => {
            paint(surface, style.ink);
            surface.draw_text(
                Point::from_xy(*x, *y),
                style.face.shapes(),
                style.size,
                text,
                false,
                TextDirection::LeftToRight,
            );
        }
        Mark::Fill { x, y, width, height, ink } => {
            paint(surface, *ink);
            rectangle(surface, *x, *y, *width, *height);
        }
        Mark::Frame { x, y, width, height, ink } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: colour(*ink).into(), width: 0.7, ..Stroke::default() }));
            rectangle(surface, *x, *y, *width, *height);
            surface.set_stroke(None);
        }
        Mark::Rule { x1, x2, y, weight, ink } => {
            paint(surface, *ink);
            rectangle(surface, *x1, *y - *weight / 2.0, *x2 - *x1, *weight);
        }
    }
}

fn paint(surface: &mut Surface<'_>, ink: Ink) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: colour(ink).into(), ..Fill::default() }));
}

fn colour([red, green, blue]: Ink) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn rectangle(surface: &mut Surface<'_>, x: f32, y: f32, width: f32, height: f32) {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height).expect("BUG: a mark has no extent"));
    surface.draw_path(&path.finish().expect("BUG: a rectangle is a path"));
}
