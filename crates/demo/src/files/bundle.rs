//! ZIP archives, with the dates of what they hold.

use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::content::Content;
use crate::french::parts;

/// Packs named contents, dated at noon.
pub(crate) fn bytes(files: &[(String, NaiveDate, Content)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, date, content) in files {
        let (year, month, day) = parts(*date);
        let modified =
            DateTime::from_date_and_time(year, month, day, 12, 0, 0).expect("BUG: a file has a date outside ZIP");
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(modified);
        archive.start_file(name.as_str(), options).expect("BUG: an archive in memory refuses a file");
        archive.write_all(&content.bytes()).expect("BUG: an archive in memory refuses bytes");
    }
    archive.finish().expect("BUG: an archive in memory cannot be closed").into_inner()
}
