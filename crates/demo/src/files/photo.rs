//! A photograph in HEIC, as iPhones make them: to show a type that nothing here previews.
//!
//! Only the container is real: its brand box is what programs recognise the type by. The coded picture is noise.

use crate::chance::Chance;

/// Bytes of a photograph of a paper invoice.
const LENGTH: usize = 1_180_000;

/// The HEIC file.
pub(crate) fn bytes(seed: u64) -> Vec<u8> {
    let mut picture = vec![0; LENGTH];
    Chance::new(seed, "heic").fill(&mut picture);
    let mut file = boxed(*b"ftyp", b"heic\0\0\0\0mif1heic");
    file.extend(boxed(*b"mdat", &picture));
    file
}

/// A box of the ISO media format: its length, its name, its content.
fn boxed(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).expect("BUG: a photograph is over 4 GiB");
    [length.to_be_bytes().as_slice(), &name, content].concat()
}
