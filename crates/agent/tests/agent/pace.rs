//! Limits and the pace: what the host sleeps and tells by.

use agent::pace::{Bucket, Meter, SLOWEST, holds, is_sound};
use domain::time::Instant;
use protocol::local::{Bandwidth, OfficeHours};
use protocol::view::Load;

const SECOND: u64 = 1_000_000;

fn limited(days: &[u8], from: u16, to: u16) -> Bandwidth {
    Bandwidth { up: Some(100), down: None, hours: Some(OfficeHours { days: days.to_vec(), from, to }) }
}

/// Passes bytes one after the other and says when the last may go.
fn pass(bucket: &mut Bucket, pieces: u64, bytes: u64, rate: u64, began: u64) -> u64 {
    (0..pieces).fold(began, |now, _| now + bucket.take(bytes, rate, false, now))
}

#[test]
fn a_limit_holds_over_time_and_a_silence_saves_up_little() {
    let mut bucket = Bucket::default();
    let ended = pass(&mut bucket, 1_000, 10_000, 1_000_000, 100 * SECOND);
    let took = ended - 100 * SECOND;
    assert!((9 * SECOND..=10 * SECOND).contains(&took), "10 MB at 1 MB/s took {took} microseconds");
    let later = ended + 3_600 * SECOND;
    let took = pass(&mut bucket, 1_000, 10_000, 1_000_000, later) - later;
    assert!(took >= 9 * SECOND, "an hour of silence is no hour's worth of bytes: {took}");
}

#[test]
fn what_somebody_waits_for_goes_at_once_and_the_rest_makes_up_for_it() {
    let mut bucket = Bucket::default();
    let now = 50 * SECOND;
    bucket.take(1, 100_000, false, now);
    assert_eq!(bucket.take(1_000_000, 100_000, true, now), 0, "ten seconds' worth");
    let wait = bucket.take(1, 100_000, false, now);
    assert!((9 * SECOND..=10 * SECOND).contains(&wait), "{wait}");
    assert_eq!(bucket.take(1_000_000, 100_000, true, now), 0, "ten seconds more");
    let wait = bucket.take(1, 100_000, true, now);
    assert!((9 * SECOND..=10 * SECOND).contains(&wait), "a large one is held to the limit in the end: {wait}");
}

#[test]
fn limits_hold_at_their_hours_only() {
    let week = limited(&[1, 2, 3, 4, 5], 8 * 60, 19 * 60);
    assert!(holds(&week, 1, 8 * 60) && holds(&week, 5, 18 * 60 + 59));
    assert!(!holds(&week, 1, 8 * 60 - 1) && !holds(&week, 5, 19 * 60) && !holds(&week, 6, 12 * 60));
    let nights = limited(&[7], 22 * 60, 6 * 60);
    assert!(holds(&nights, 7, 23 * 60) && holds(&nights, 1, 5 * 60), "until the next morning");
    assert!(!holds(&nights, 7, 5 * 60) && !holds(&nights, 1, 23 * 60));
    assert!(holds(&Bandwidth { hours: None, ..week.clone() }, 7, 0), "always, where no hours are set");
}

#[test]
fn limits_that_make_no_sense_are_told_apart() {
    assert!(is_sound(&Bandwidth::default()) && is_sound(&limited(&[1], 0, 23 * 60 + 59)));
    assert!(!is_sound(&limited(&[8], 0, 60)) && !is_sound(&limited(&[1], 0, 24 * 60)));
    assert!(!is_sound(&Bandwidth { up: Some(SLOWEST - 1), ..Bandwidth::default() }));
}

#[test]
fn there_is_no_estimate_before_there_is_a_pace_and_none_after_it_ended() {
    let mut meter = Meter::default();
    let left = Load { files: 0, bytes: 10_000_000 };
    let at = |second: i64| Instant(second * 1_000);
    assert_eq!(meter.seconds_for(left, at(0)), None);
    for second in 0..5 {
        meter.moved(100_000, at(second));
        assert_eq!(meter.seconds_for(left, at(second)), None, "after {second} s");
    }
    meter.moved(100_000, at(5));
    assert_eq!(meter.seconds_for(left, at(5)), Some(84), "600 kB in the seconds since it began");
    for second in 6..60 {
        meter.moved(1_000_000, at(second));
    }
    assert_eq!(meter.seconds_for(left, at(59)), Some(10), "the pace is that of late");
    assert!(meter.seconds_for(left, at(75)).unwrap() > 13, "what stands still takes longer");
    assert_eq!(meter.seconds_for(left, at(80)), None, "and has no pace any more");
    meter.moved(1_000_000, at(81));
    assert_eq!(meter.seconds_for(left, at(81)), None, "it begins again");
    meter.moved(1, at(20));
    assert_eq!(meter.seconds_for(left, at(26)), Some(60_000_000), "as it does where the clock is set back");
}

#[test]
fn what_trickled_before_is_no_pace_for_what_comes_after_a_rest() {
    let mut meter = Meter::default();
    let at = |second: i64| Instant(second * 1_000);
    for second in [0, 4, 8] {
        meter.begins(at(second));
        meter.moved(10, at(second));
    }
    assert_eq!(meter.seconds_for(Load { files: 1, bytes: 10_000_000 }, at(8)), None);
}
