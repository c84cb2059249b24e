//! The wire form: whatever comes in whatever pieces, only whole and right contents come out.

use content::{FrameDecoder, FrameError, FrameLimits, FrameWriter, HEADER_LENGTH};
use domain::content::ContentHash;
use proptest::prelude::*;

const LIMITS: FrameLimits = FrameLimits { item: 5_000, total: 100_000, count: 20 };

type Contents = Vec<(ContentHash, Vec<u8>)>;

fn encode(contents: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = FrameWriter::new(Vec::new());
    for bytes in contents {
        writer.push(ContentHash::of(bytes), bytes).unwrap();
    }
    writer.into_inner()
}

/// What comes out of a stream that arrives in pieces of these lengths (the last one repeated).
fn decode(stream: &[u8], pieces: &[usize], limits: FrameLimits) -> (Contents, Option<FrameError>) {
    let mut decoder = FrameDecoder::new(limits);
    let mut out = Vec::new();
    let mut rest = stream;
    let mut pieces = pieces.iter().copied();
    let mut length = 1;
    while !rest.is_empty() {
        length = pieces.next().unwrap_or(length).clamp(1, rest.len());
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        if let Err(error) = decoder.feed(piece) {
            return (out, Some(error));
        }
        loop {
            match decoder.next_content() {
                Ok(Some(content)) => out.push(content),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.feed(b"more"), Err(error), "a failure is final");
                    assert_eq!(decoder.next_content(), Err(error), "a failure is final");
                    return (out, decoder.finish().err());
                }
            }
        }
    }
    (out, decoder.finish().err())
}

fn contents() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..15)
}

proptest! {
    #[test]
    fn what_goes_in_comes_out_however_it_is_cut(
        contents in contents(),
        pieces in prop::collection::vec(1_usize..400, 1..20),
    ) {
        let (out, error) = decode(&encode(&contents), &pieces, LIMITS);
        prop_assert_eq!(error, None);
        let bytes: Vec<_> = out.into_iter().map(|(hash, bytes)| {
            assert_eq!(hash, ContentHash::of(&bytes));
            bytes
        }).collect();
        prop_assert_eq!(bytes, contents);
    }

    #[test]
    fn a_cut_stream_is_told_from_a_whole_one(contents in contents(), cut in 1_usize..1000) {
        let stream = encode(&contents);
        let mut ends = vec![0];
        for bytes in &contents {
            ends.push(ends.last().unwrap() + HEADER_LENGTH + bytes.len());
        }
        let length = stream.len().saturating_sub(cut);
        let (out, error) = decode(&stream[..length], &[64], LIMITS);
        let is_between = ends.contains(&length);
        prop_assert_eq!(error, (!is_between).then_some(FrameError::Cut));
        prop_assert_eq!(out.len(), ends.iter().filter(|end| **end <= length).count() - 1);
    }

    #[test]
    fn a_flipped_bit_never_yields_another_content(
        contents in contents().prop_filter("not empty", |contents| !contents.is_empty()),
        position: prop::sample::Index,
        bit in 0_u32..8,
    ) {
        let mut stream = encode(&contents);
        let position = position.index(stream.len());
        stream[position] ^= 1 << bit;
        let (out, error) = decode(&stream, &[100], LIMITS);
        prop_assert!(error.is_some(), "the flip at {} was noticed", position);
        for ((_, bytes), expected) in out.iter().zip(&contents) {
            prop_assert_eq!(bytes, expected, "what came before is right");
        }
    }

    #[test]
    fn rubbish_is_refused_without_panic(
        stream in prop::collection::vec(any::<u8>(), 0..500),
        pieces in prop::collection::vec(1_usize..100, 1..5),
    ) {
        let (out, error) = decode(&stream, &pieces, LIMITS);
        prop_assert!(out.is_empty() || stream.is_empty());
        prop_assert_eq!(error.is_none(), stream.is_empty());
    }
}

#[test]
fn each_limit_holds_before_memory_is_used() {
    let stream = encode(&[vec![1; 100], vec![2; 100], vec![3; 100]]);
    let refused = |limits| decode(&stream, &[10], limits);
    let (out, error) = refused(FrameLimits { item: 99, ..LIMITS });
    assert_eq!((out.len(), error), (0, Some(FrameError::ItemTooLarge { size: 100, limit: 99 })));
    let (out, error) = refused(FrameLimits { count: 2, ..LIMITS });
    assert_eq!((out.len(), error), (2, Some(FrameError::TooMany { limit: 2 })));
    let (out, error) = refused(FrameLimits { total: 300, ..LIMITS });
    assert_eq!((out.len(), error), (2, Some(FrameError::TotalTooLarge { limit: 300 })));
    let exact = FrameLimits { item: 100, total: stream.len() as u64, count: 3 };
    assert_eq!(refused(exact).1, None, "what is within the limits passes");

    let mut endless = vec![0; 32];
    endless.extend(u64::MAX.to_le_bytes());
    let (_, error) = decode(&endless, &[40], LIMITS);
    assert_eq!(error, Some(FrameError::ItemTooLarge { size: u64::MAX, limit: 5_000 }));
}
