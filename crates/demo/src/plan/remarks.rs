//! What people did with the documents: review marks, piece numbers, comments.

use chrono::Days;

use super::{ADMINISTRATOR, Shelf};
use crate::content::Content;
use crate::firm::{Author, Comment, TODAY};

const ON_INVOICES: [&str; 5] = [
    "Facture en double ? La même est arrivée par mail le mois dernier.",
    "Merci de confirmer l'imputation : frais généraux ou chantier ?",
    "TVA non récupérable sur le carburant du véhicule de tourisme, à ventiler.",
    "Réglée par carte, pas encore vue sur le relevé.",
    "Bon pour paiement.",
];
const ON_RECEIPTS: [&str; 3] = [
    "Repas avec le client, deux couverts.",
    "Ticket difficile à lire, montant à vérifier.",
    "À rembourser sur le compte courant.",
];
const ON_ACCOUNTS: [&str; 3] = [
    "Version envoyée au client pour relecture.",
    "Revoir le classement des frais bancaires.",
    "Écart de 0,40 € expliqué par les arrondis de TVA.",
];

/// Days after which a document has usually been handled.
const HANDLED_AFTER: u64 = 40;

/// Marks the documents of a shelf.
pub(super) fn add(shelf: &mut Shelf) {
    let mut documents = std::mem::take(&mut shelf.documents);
    let mut piece = 0;
    for document in &mut documents {
        let came = document.head().modified;
        let is_old = came.date_naive() + Days::new(HANDLED_AFTER) < TODAY;
        let remarks: &[&str] = match &document.head().content {
            Content::Invoice(_) | Content::ScannedInvoice(..) | Content::PhotographedInvoice(..) => &ON_INVOICES,
            Content::Receipt(..) => &ON_RECEIPTS,
            Content::Workbook(_) | Content::Letter(_) => &ON_ACCOUNTS,
            _ => &[],
        };
        if document.invoice().is_some() && document.folder[0].starts_with("02") && is_old {
            piece += 1;
            document.piece_number =
                Some(format!("{}{piece:04}", if document.folder[2] == "Achats" { "A" } else { "V" }));
        }
        if document.folder[0].starts_with("02") && is_old && shelf.chance.odds(45) {
            let later = Days::new(u64::from(shelf.chance.day_between(3, 35)));
            document.review = Some(shelf.reviewed(came.date_naive() + later));
        }
        if !remarks.is_empty() && shelf.chance.odds(16) {
            let text = (*shelf.chance.pick(remarks)).to_owned();
            let at = shelf.moment(came.date_naive() + Days::new(2));
            let author = Author::Collaborator(shelf.keeper);
            document.comments.push(Comment { author, at, text });
            if shelf.chance.odds(40) {
                let at = shelf.moment(came.date_naive() + Days::new(4)).max(at);
                let (author, text) = if shelf.chance.odds(50) {
                    (Author::Client, "Oui, c'est bien cela.")
                } else {
                    (Author::Collaborator(ADMINISTRATOR), "Vu, merci.")
                };
                document.comments.push(Comment { author, at, text: text.to_owned() });
            }
        }
    }
    shelf.documents = documents;
}
