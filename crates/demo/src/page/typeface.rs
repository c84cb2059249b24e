//! The three typefaces, embedded: Liberation Sans, its bold, and Liberation Mono (SIL Open Font License, see
//! `assets/fonts/LICENSE`). They hold every French letter and sign.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef};

/// A typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Face {
    Regular,
    Bold,
    Mono,
}

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf");
static MONO: &[u8] = include_bytes!("../../assets/fonts/LiberationMono-Regular.ttf");

static OUTLINES: LazyLock<[FontRef<'static>; 3]> = LazyLock::new(|| {
    [REGULAR, BOLD, MONO].map(|bytes| FontRef::try_from_slice(bytes).expect("BUG: an embedded font is damaged"))
});

static SHAPES: LazyLock<[krilla::text::Font; 3]> = LazyLock::new(|| {
    [REGULAR, BOLD, MONO]
        .map(|bytes| krilla::text::Font::new(bytes.into(), 0).expect("BUG: an embedded font is damaged"))
});

impl Face {
    /// For measuring and for drawing pixels.
    pub(super) fn outlines(self) -> &'static FontRef<'static> {
        &OUTLINES[self as usize]
    }

    /// For PDF.
    pub(super) fn shapes(self) -> krilla::text::Font {
        SHAPES[self as usize].clone()
    }

    /// Width of a text in points at a size in points.
    pub(super) fn width(self, size: f32, text: &str) -> f32 {
        let font = self.outlines();
        let units = font.units_per_em().expect("BUG: an embedded font has no scale");
        let advance: f32 = text.chars().map(|letter| font.h_advance_unscaled(font.glyph_id(letter))).sum();
        advance * size / units
    }
}
