//! Pages as a cheap scanner sees them: grey, a little askew, with the grain of the sensor.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels: every value is bounded by the size of the picture or by a byte"
)]

use ab_glyph::{Font as _, point};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::{Ink, Mark, Paper, Style};
use crate::chance::Chance;

/// Pixels of a long side, enough to read the small print.
const LONG_SIDE: f32 = 1_560.0;
const QUALITY: u8 = 72;
/// The lid of the scanner, or the desk under the telephone.
const SURROUNDINGS: f32 = 0.63;
const COLOURS: usize = 3;

/// A picture being drawn, three bytes a pixel.
struct Canvas {
    width: usize,
    height: usize,
    scale: f32,
    pixels: Vec<u8>,
}

impl Paper {
    /// A page as a photographed or scanned JPEG; `noise` decides of its angle and its grain.
    pub(crate) fn to_scan(&self, page: usize, noise: u64) -> Vec<u8> {
        let flat = self.canvas(page, LONG_SIDE / self.size.0.max(self.size.1));
        let scanned = flat.scanned(&mut Chance::new(noise, "scan"));
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY)
            .write_image(&scanned.pixels, scanned.width as u32, scanned.height as u32, ExtendedColorType::Rgb8)
            .expect("BUG: a picture of a valid size cannot be encoded");
        bytes
    }

    /// A page as a clean PNG, as a screenshot is.
    pub(crate) fn to_screenshot(&self, page: usize) -> Vec<u8> {
        let flat = self.canvas(page, 2.0);
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes)
            .write_image(&flat.pixels, flat.width as u32, flat.height as u32, ExtendedColorType::Rgb8)
            .expect("BUG: a picture of a valid size cannot be encoded");
        bytes
    }

    fn canvas(&self, page: usize, scale: f32) -> Canvas {
        let (width, height) = ((self.size.0 * scale) as usize, (self.size.1 * scale) as usize);
        let mut canvas = Canvas { width, height, scale, pixels: vec![252; width * height * COLOURS] };
        for mark in &self.pages[page] {
            canvas.draw(mark);
        }
        canvas
    }
}

impl Canvas {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { x, y, style, text } => self.write(*x, *y, *style, text),
            Mark::Fill { x, y, width, height, ink } => self.fill(*x, *y, *width, *height, *ink),
            Mark::Rule { x1, x2, y, weight, ink } => self.fill(*x1, *y - *weight / 2.0, *x2 - *x1, *weight, *ink),
            Mark::Frame { x, y, width, height, ink } => {
                self.fill(*x, *y, *width, 0.7, *ink);
                self.fill(*x, *y + *height, *width, 0.7, *ink);
                self.fill(*x, *y, 0.7, *height, *ink);
                self.fill(*x + *width, *y, 0.7, *height, *ink);
            }
        }
    }

    /// A rectangle, at least one pixel thick.
    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        let across = |start: f32, length: f32, limit: usize| {
            let first = (start * self.scale).round().max(0.0) as usize;
            let last = ((start + length) * self.scale).round().max(0.0) as usize;
            first.min(limit)..last.max(first + 1).min(limit)
        };
        let (rows, columns) = (across(y, height, self.height), across(x, width, self.width));
        for row in rows {
            for column in columns.clone() {
                self.cover(column, row, 1.0, ink);
            }
        }
    }

    fn write(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let font = style.face.outlines();
        let pixels = style.size * self.scale;
        let units = font.units_per_em().expect("BUG: an embedded font has no scale");
        // `ab_glyph` counts a font's scale from ascent to descent, typography from em to em.
        let scale = pixels * font.height_unscaled() / units;
        let mut pen = x * self.scale;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(pen, y * self.scale))) {
                let corner = outline.px_bounds().min;
                outline.draw(|column, row, coverage| {
                    let (column, row) = (corner.x + column as f32, corner.y + row as f32);
                    if column >= 0.0 && row >= 0.0 {
                        self.cover(column as usize, row as usize, coverage.min(1.0), style.ink);
                    }
                });
            }
            pen += font.h_advance_unscaled(id) * pixels / units;
        }
    }

    fn cover(&mut self, column: usize, row: usize, coverage: f32, ink: Ink) {
        if column >= self.width || row >= self.height {
            return;
        }
        let at = (row * self.width + column) * COLOURS;
        for (pixel, ink) in self.pixels[at..at + COLOURS].iter_mut().zip(ink) {
            *pixel = (f32::from(*pixel) * (1.0 - coverage) + f32::from(ink) * coverage) as u8;
        }
    }

    /// The same, turned by up to 1.6 degrees, unevenly lit and grainy.
    fn scanned(&self, chance: &mut Chance) -> Self {
        let (sine, cosine) = (chance.fraction() * 0.028).sin_cos();
        let (middle_x, middle_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        // Room for the corners that the rotation pushes out.
        let zoom = 1.035;
        let warmth = [1.0, 0.992, 0.962 + chance.fraction() * 0.025];
        let slope = chance.fraction() * 0.06;
        let mut grain = vec![0; self.width * self.height];
        chance.fill(&mut grain);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for row in 0..self.height {
            let from_middle = row as f32 - middle_y;
            let light = 0.955 + slope * from_middle / self.height as f32;
            for column in 0..self.width {
                let across = column as f32 - middle_x;
                let source_x = (across * cosine + from_middle * sine) * zoom + middle_x;
                let source_y = (from_middle * cosine - across * sine) * zoom + middle_y;
                let grain = (f32::from(grain[row * self.width + column]) - 127.5) * 0.075;
                for (colour, warmth) in warmth.iter().enumerate() {
                    let value = self.sample(source_x, source_y, colour) * light * warmth + grain;
                    pixels.push(value.clamp(0.0, 255.0) as u8);
                }
            }
        }
        Self { pixels, ..*self }
    }

    /// A colour between four pixels; the surroundings outside the page.
    fn sample(&self, x: f32, y: f32, colour: usize) -> f32 {
        if x < 0.0 || y < 0.0 || x >= (self.width - 1) as f32 || y >= (self.height - 1) as f32 {
            return 255.0 * SURROUNDINGS;
        }
        let (left, top) = (x as usize, y as usize);
        let (right_part, lower_part) = (x - left as f32, y - top as f32);
        let pixel = |column: usize, row: usize| f32::from(self.pixels[(row * self.width + column) * COLOURS + colour]);
        let upper = pixel(left, top) * (1.0 - right_part) + pixel(left + 1, top) * right_part;
        let lower = pixel(left, top + 1) * (1.0 - right_part) + pixel(left + 1, top + 1) * right_part;
        upper * (1.0 - lower_part) + lower * lower_part
    }
}
