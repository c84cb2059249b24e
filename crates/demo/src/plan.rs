//! Which documents the firm holds, where, from whom and in what state.
//!
//! A [`Shelf`] collects the documents of one client file; the modules below fill it, one part of the tree each.

mod annual;
mod closing;
mod inbox;
mod permanent;
mod remarks;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::company::Siret;
use domain::fiscal_year::{FiscalYear, Month};

use crate::books::{Books, YearBooks};
use crate::chance::Chance;
use crate::companies::{COMPANIES, Company, FIRM, ascii};
use crate::content::Content;
use crate::firm::{
    Assignment, Author, ClientFile, Collaborator, Contact, Document, Firm, Review, Role, TODAY, Version,
};
use crate::french::{after, last_day};

/// Makes the demonstration firm. The same seed gives the same firm, to the byte; another seed changes amounts, dates
/// and details, not who the people and the companies are.
pub fn demonstration_firm(seed: u64) -> Firm {
    let party = FIRM.party();
    let documents =
        COMPANIES.iter().enumerate().flat_map(|(rank, company)| Shelf::filled(company, rank, seed)).collect();
    Firm {
        siret: Siret::parse(&party.siret).expect("BUG: the SIRET was computed with its check digit"),
        name: party.name,
        street: party.street,
        city: party.city,
        collaborators: collaborators(),
        client_files: COMPANIES.iter().copied().map(client_file).collect(),
        documents,
    }
}

/// Places of the collaborators in the firm.
const ADMINISTRATOR: usize = 0;
const THOMAS: usize = 1;
const INES: usize = 2;

const OF_THOMAS: [&str; 7] = [
    "alter-ce",
    "boulangerie-lavigne",
    "domaine-roche-blonde",
    "dupont-maconnerie",
    "garage-benali",
    "pixel-et-vague",
    "transports-kerbrat",
];
const OF_INES: [&str; 7] = [
    "alter-ce",
    "cabinet-dentaire-des-tilleuls",
    "dupont-maconnerie",
    "fleurs-de-garance",
    "le-comptoir-d-adele",
    "menuiserie-thevenot",
    "sci-les-glycines",
];

fn collaborators() -> Vec<Collaborator> {
    let person = |first_name: &str, last_name: &str, role: Role, assignments: Vec<Assignment>| Collaborator {
        email: format!("{}@cabinet-rivage.example", ascii(&format!("{first_name}.{last_name}"))),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        role,
        assignments,
    };
    let whole = |client_file: &'static str| Assignment { client_file, withheld_themes: Vec::new() };
    let without_payroll = |client_file: &'static str| Assignment {
        client_file,
        withheld_themes: if client_file == "alter-ce" { vec!["social"] } else { Vec::new() },
    };
    vec![
        person("Claire", "Fontaine", Role::Administrator, COMPANIES.iter().map(|company| whole(company.key)).collect()),
        person("Thomas", "Berger", Role::Collaborator, OF_THOMAS.into_iter().map(whole).collect()),
        person("Inès", "Moreau", Role::Collaborator, OF_INES.into_iter().map(without_payroll).collect()),
    ]
}

fn client_file(company: &Company) -> ClientFile {
    let digits = company.siren % 10_000;
    ClientFile {
        key: company.key,
        name: company.name,
        legal_form: company.legal_form,
        siret: company.siret(),
        vat_number: company.vat_number(),
        activity_code: company.activity_code,
        activity: company.activity,
        street: company.street,
        city: company.city(),
        director: Contact {
            email: company.director_email(),
            first_name: company.director.first_name.to_owned(),
            last_name: company.director.last_name.to_owned(),
            phone: format!("06 39 98 {:02} {:02}", digits / 100, digits % 100),
        },
        fiscal_years: company.fiscal_years(),
    }
}

/// The documents of a client file while they are being chosen.
struct Shelf {
    company: &'static Company,
    books: Vec<Arc<YearBooks>>,
    chance: Chance,
    /// Who keeps this client file.
    keeper: usize,
    /// The two client files shown first have more of everything.
    is_large: bool,
    documents: Vec<Document>,
}

/// How a document came in.
struct Origin {
    date: NaiveDate,
    author: Author,
}

impl Shelf {
    fn filled(company: &'static Company, rank: usize, seed: u64) -> Vec<Document> {
        let mut shelf = Self {
            company,
            books: Books::of(company, seed).years.into_iter().map(Arc::new).collect(),
            chance: Chance::new(seed, &format!("shelf {}", company.key)),
            keeper: if OF_THOMAS.contains(&company.key) { THOMAS } else { INES },
            is_large: matches!(company.key, "alter-ce" | "dupont-maconnerie"),
            documents: Vec::new(),
        };
        permanent::fill(&mut shelf, rank);
        annual::fill(&mut shelf, rank);
        closing::fill(&mut shelf, rank);
        inbox::fill(&mut shelf, rank);
        remarks::add(&mut shelf);
        shelf.documents.sort_by(|a, b| (&a.folder, &a.name).cmp(&(&b.folder, &b.name)));
        shelf.documents
    }

    /// Adds a document named without its extension.
    fn add(&mut self, folder: Vec<String>, name: &str, origin: &Origin, content: Content) -> &mut Document {
        let version = self.version(origin, content);
        let name = format!("{name}.{}", version.content.extension());
        self.documents.push(Document {
            client_file: self.company.key,
            folder,
            name,
            piece_number: None,
            comments: Vec::new(),
            review: None,
            versions: vec![version],
        });
        self.documents.last_mut().expect("BUG: a document was just added")
    }

    fn version(&mut self, origin: &Origin, content: Content) -> Version {
        Version { modified: self.moment(origin.date), author: origin.author, content }
    }

    /// A moment of the working day; never after today.
    fn moment(&mut self, date: NaiveDate) -> DateTime<Utc> {
        let (hour, minute, second) =
            (self.chance.day_between(7, 15), self.chance.day_between(0, 59), self.chance.day_between(0, 59));
        date.min(TODAY).and_hms_opt(hour, minute, second).expect("BUG: the working day is within the day").and_utc()
    }

    /// Brought by the client some days after `date`.
    fn brought(&mut self, date: NaiveDate) -> Origin {
        Origin { date: after(date, self.chance.day_between(1, 6)), author: Author::Client }
    }

    /// Put in by whoever keeps the client file.
    fn filed(&self, date: NaiveDate) -> Origin {
        Origin { date, author: Author::Collaborator(self.keeper) }
    }

    /// A seed of its own for the grain of a scan.
    fn noise(&mut self) -> u64 {
        self.chance.between(0, i64::MAX).unsigned_abs()
    }

    /// The last complete months, oldest first, each with the books it is in.
    fn recent_months(&self, count: usize) -> Vec<(Month, Arc<YearBooks>)> {
        let mut months: Vec<(Month, Arc<YearBooks>)> = Vec::new();
        for books in &self.books {
            months.extend(
                books
                    .year
                    .months()
                    .into_iter()
                    .filter(|month| last_day(*month) < TODAY)
                    .map(|month| (month, Arc::clone(books))),
            );
        }
        months.split_off(months.len().saturating_sub(count))
    }

    fn reviewed(&mut self, date: NaiveDate) -> Review {
        let collaborator = if self.chance.odds(20) { ADMINISTRATOR } else { self.keeper };
        Review { collaborator, at: self.moment(date) }
    }
}

/// A folder of a fiscal year: `["Achats"]` gives `["02 Dossier annuel", "2026", "Achats"]`.
fn in_year(year: FiscalYear, path: &[&str]) -> Vec<String> {
    let mut folder = vec!["02 Dossier annuel".to_owned(), year.folder_name(false)];
    folder.extend(path.iter().map(|name| (*name).to_owned()));
    folder
}

/// A month folder of a fiscal year.
fn in_month(year: FiscalYear, path: &[&str], month: Month) -> Vec<String> {
    let mut folder = in_year(year, path);
    folder.push(month.folder_name());
    folder
}

/// A folder outside the fiscal years.
fn in_file(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| (*name).to_owned()).collect()
}
