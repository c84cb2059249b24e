//! Points at which a program can be made to die, as a power cut would end it: one for each stage that a change passes.
//!
//! The list below is the only one. The tests of crashes (`tests/it/whole/crashes.rs`) kill the real programs at every
//! point of it, so that a point that nothing reaches fails there. In a program that people run, a point is nothing.

macro_rules! points {
    ($($(#[doc = $about:literal])+ $point:ident = $name:literal,)+) => {
        /// A point.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Point {
            $($(#[doc = $about])+ $point,)+
        }

        impl Point {
            /// All of them, in the order of a change's way.
            pub const ALL: &[Self] = &[$(Self::$point,)+];

            /// The name by which a test asks for it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)+
                }
            }
        }
    };
}

points! {
    /// A content is whole in the staging's temporary folder, without its name.
    Staged = "staged",
    /// A file's content is in the staging; no row says so.
    Captured = "captured",
    /// What a look at a folder found is in the rows.
    Observed = "observed",
    /// Commands are executed, in a transaction that is not over.
    Commanding = "commanding",
    /// Commands are in the outbox.
    Commanded = "commanded",
    /// The server said which contents it lacks; none is sent.
    Asked = "asked",
    /// Small contents are at the server; the engine does not know.
    PackSent = "pack-sent",
    /// A part of a large content is at the server; the engine does not know.
    PartSent = "part-sent",
    /// A large content is whole at the server; the engine does not know.
    LargeSent = "large-sent",
    /// Commands are executed by the server; the answer is lost.
    Pushed = "pushed",
    /// The server's outcomes are in the outbox.
    Answered = "answered",
    /// Rows came; none is applied.
    Pulled = "pulled",
    /// Rows are applied.
    Applied = "applied",
    /// Contents that were sent and confirmed left the staging.
    Settled = "settled",
    /// Small contents came into the staging.
    Fetched = "fetched",
    /// A large content came, and is a temporary file of the staging.
    LargeFetched = "large-fetched",
    /// A content is written beside its place, not flushed.
    WrittenAside = "written-aside",
    /// All contents of a plan are written beside their places, and flushed.
    FlushedAside = "flushed-aside",
    /// A folder is made.
    FolderMade = "folder-made",
    /// A new file has its name.
    Placed = "placed",
    /// New bytes and old ones changed places; the old ones are not looked at.
    Exchanged = "exchanged",
    /// A file or folder is moved.
    Moved = "moved",
    /// Something is in the quarantine.
    PutAside = "put-aside",
    /// A folder is removed.
    FolderRemoved = "folder-removed",
    /// The names that changed are flushed; no row says what was done.
    NamesFlushed = "names-flushed",
    /// What was done is in rows, in a transaction that is not over.
    Recording = "recording",
    /// What was done is in the rows.
    Recorded = "recorded",
    /// What users saved is flushed; no row says so.
    Flushed = "flushed",
    /// What users saved is flushed, and the rows say so.
    FlushNoted = "flush-noted",
    /// The server has written contents at the end of a pack, not flushed.
    ServerAppended = "server-appended",
    /// Contents are in the server's packs, flushed; its rows do not name them.
    ServerStored = "server-stored",
    /// The server's rows name contents; nobody was told.
    ServerNamed = "server-named",
    /// A part of a large content is flushed at the server; its ledger does not say whose it is.
    ServerPart = "server-part",
    /// A large content is whole at the server; its parts are not removed.
    ServerPublished = "server-published",
    /// A large content is whole and its parts are removed; the server's rows do not name it.
    ServerFinished = "server-finished",
    /// The server was given commands and executed none.
    ServerGiven = "server-given",
    /// The server has executed commands, in a transaction that is not over.
    ServerExecuting = "server-executing",
    /// The server has executed commands; nobody was told.
    ServerExecuted = "server-executed",
}

/// The environment variable that names the file in which a test writes the name of the point to die at.
pub const ARMED_BY: &str = "GEDEON_FAIL_AT";

/// The program is at a point. One that was built for it dies here when the test asks for this point: the file is given
/// the ending `reached` first, so that one process dies of it, and once.
#[cfg(feature = "armed")]
pub fn reached(point: Point) {
    let Some(file) = std::env::var_os(ARMED_BY).map(std::path::PathBuf::from) else { return };
    let is_asked = std::fs::read_to_string(&file).is_ok_and(|asked| asked == point.name());
    if is_asked && std::fs::rename(&file, file.with_extension("reached")).is_ok() {
        std::process::abort();
    }
}

/// The program is at a point: nothing, in a program that people run.
#[cfg(not(feature = "armed"))]
#[inline]
pub fn reached(_: Point) {}
