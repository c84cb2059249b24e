//! What happens, hashed line by line, so that two runs of one history can be compared; and printed for whoever looks for
//! a fault.

/// A running hash.
pub(crate) struct Trace {
    hashes: (u64, u64),
    print: bool,
}

impl Trace {
    /// An empty one; `print` writes each line to the standard error.
    pub(crate) fn new(print: bool) -> Self {
        Self { hashes: (0, 0), print }
    }

    /// Adds a line: FNV-1a twice, enough to tell two histories apart.
    pub(crate) fn add(&mut self, line: &str) {
        let (mut one, mut other) = self.hashes;
        for byte in line.bytes() {
            one = (one ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            other = (other.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        self.hashes = (one, other);
        if self.print {
            print(line);
        }
    }

    /// The hash so far.
    pub(crate) fn finish(&self) -> String {
        format!("{:016x}{:016x}", self.hashes.0, self.hashes.1)
    }
}

#[expect(clippy::print_stderr, reason = "a history is printed for whoever looks for its fault")]
fn print(line: &str) {
    eprintln!("{line}");
}
