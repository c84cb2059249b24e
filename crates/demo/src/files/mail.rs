//! Messages with attachments, through `mail-builder`.

use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::mime::MimePart;

use crate::chance::subject_seed;
use crate::content::Content;

/// A message as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// Name and address.
    pub(crate) from: (String, String),
    pub(crate) to: (String, String),
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) sent: DateTime<Utc>,
    /// File name and content of a PDF.
    pub(crate) attachment: (String, Content),
}

impl Mail {
    /// The EML file. Boundary and message id are derived from the message: those of the library are of the moment.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let own = subject_seed(0, &format!("{} {} {}", self.subject, self.from.1, self.sent));
        let mixed = ContentType::new("multipart/mixed").attribute("boundary", format!("=_{own:016x}"));
        let attachment = self.attachment.1.bytes();
        let parts = vec![
            MimePart::new("text/plain", self.body.as_str()),
            MimePart::new("application/pdf", attachment.as_slice()).attachment(self.attachment.0.as_str()),
        ];
        let domain = self.from.1.split('@').next_back().unwrap_or("example");
        MessageBuilder::new()
            .from((self.from.0.as_str(), self.from.1.as_str()))
            .to((self.to.0.as_str(), self.to.1.as_str()))
            .subject(self.subject.as_str())
            .date(Date::new(self.sent.timestamp()))
            .message_id(format!("{own:016x}@{domain}"))
            .body(MimePart::new(mixed, parts))
            .write_to_vec()
            .expect("BUG: a message cannot be written in memory")
    }
}
