//! Texts that are edited in a word processor: minutes of meetings, letters, employment contracts.

use chrono::NaiveDate;

use crate::books::YearBooks;
use crate::companies::{Company, Employee, FIRM};
use crate::french::{long, short};
use crate::money::Cents;
use crate::page::{Block, Letterhead, Report};
use crate::payroll::LEGAL_HOURS;

/// Minutes of the meeting that approves a year's accounts; a draft leaves the vote open.
pub(crate) fn minutes(company: &Company, books: &YearBooks, date: NaiveDate, draft: bool) -> Report {
    let result = books.result();
    let (kind, fate) = if result >= Cents::ZERO {
        ("bénéfice", "au compte report à nouveau")
    } else {
        ("perte", "au compte report à nouveau débiteur")
    };
    let amount = Cents(result.0.abs()).with_sign();
    let vote = if draft {
        "Cette résolution est mise aux voix. [à compléter]"
    } else {
        "Cette résolution, mise aux voix, est adoptée à l'unanimité."
    };
    let resolutions = [
        format!("L'assemblée générale, après avoir entendu la lecture du rapport de gestion, approuve les comptes de l'exercice clos le {} tels qu'ils lui ont été présentés, se soldant par un(e) {kind} de {amount}, ainsi que les opérations traduites dans ces comptes.", long(books.year.end)),
        format!("L'assemblée générale décide d'affecter en totalité le résultat de l'exercice, soit {amount}, {fate}. Elle prend acte qu'aucun dividende n'a été distribué au titre des trois derniers exercices."),
        format!("L'assemblée générale donne à {} quitus entier et sans réserve de l'exécution de son mandat pour l'exercice écoulé.", company.director.name()),
        "L'assemblée générale confère tous pouvoirs au porteur d'un original ou d'une copie du présent procès-verbal pour accomplir les formalités de dépôt et de publicité.".to_owned(),
    ];
    let mut blocks = vec![
        Block::Paragraph(format!(
            "{} – {}\nSiège social : {}, {}",
            company.name,
            company.legal(),
            company.street,
            company.city()
        )),
        Block::Paragraph(format!(
            "L'an deux mille vingt-{}, le {}, à dix heures, les associés se sont réunis au siège social en assemblée générale ordinaire annuelle sur convocation de la direction.",
            last_digit_in_words(date),
            long(date)
        )),
        Block::Paragraph(format!(
            "L'assemblée est présidée par {}, {}. Le président constate que les associés présents ou représentés possèdent la totalité des parts et que l'assemblée peut valablement délibérer.",
            company.director.name(),
            company.director.title.to_lowercase()
        )),
    ];
    for (number, text) in resolutions.into_iter().enumerate() {
        blocks
            .push(Block::Heading(format!("{} résolution", ["Première", "Deuxième", "Troisième", "Quatrième"][number])));
        blocks.push(Block::Paragraph(text));
        blocks.push(Block::Paragraph(vote.to_owned()));
    }
    blocks.push(Block::Paragraph("L'ordre du jour étant épuisé, la séance est levée à onze heures.".to_owned()));
    blocks.push(Block::Signatures(format!("Le président – {}", company.director.name()), "Un associé".to_owned()));
    let title = if draft {
        "Projet de procès-verbal de l'assemblée générale ordinaire"
    } else {
        "Procès-verbal de l'assemblée générale ordinaire"
    };
    Report {
        letterhead: Letterhead::Company(company.party()),
        title: title.to_owned(),
        subtitle: format!("Du {}", long(date)),
        date,
        blocks,
    }
}

/// A letter of the firm to its client about missing papers.
pub(crate) fn missing_papers(company: &Company, date: NaiveDate, wanted: &[String]) -> Report {
    let mut blocks = vec![
        Block::Paragraph(format!("{}\n{}\n{}\n{}", company.name, company.director.name(), company.street, company.city())),
        Block::Paragraph(format!("Nantes, le {}", long(date))),
        Block::Paragraph("Objet : pièces manquantes".to_owned()),
        Block::Paragraph("Madame, Monsieur,".to_owned()),
        Block::Paragraph("À l'occasion de la révision de vos comptes, il apparaît que les pièces suivantes ne nous sont pas parvenues :".to_owned()),
    ];
    blocks.extend(wanted.iter().map(|paper| Block::Paragraph(format!("–  {paper}"))));
    blocks.push(Block::Paragraph("Nous vous remercions de bien vouloir les déposer sur votre espace documentaire sous huit jours. À défaut, la TVA correspondante ne pourra pas être déduite sur la prochaine déclaration.".to_owned()));
    blocks.push(Block::Paragraph("Restant à votre disposition, nous vous prions d'agréer, Madame, Monsieur, l'expression de nos salutations distinguées.".to_owned()));
    blocks.push(Block::Signatures(String::new(), "Cabinet Rivage & Associés".to_owned()));
    Report {
        letterhead: Letterhead::Company(FIRM.party()),
        title: "Pièces manquantes".to_owned(),
        subtitle: String::new(),
        date,
        blocks,
    }
}

/// An employment contract without a term.
pub(crate) fn employment(company: &Company, person: &Employee) -> Report {
    let clauses = [
        ("Engagement", format!("{} est engagé(e) à compter du {} en qualité de {}, sous réserve de la visite d'information et de prévention.", person.name(), long(person.hired), person.job.to_lowercase())),
        ("Période d'essai", "Le contrat ne deviendra définitif qu'à l'issue d'une période d'essai de deux mois, renouvelable une fois.".to_owned()),
        ("Rémunération", format!("La rémunération mensuelle brute est fixée à {} pour {},{:02} heures de travail.", person.gross.with_sign(), LEGAL_HOURS / 100, LEGAL_HOURS % 100)),
        ("Lieu de travail", format!("Le travail s'exécute à titre principal {}, {}.", company.street, company.city())),
        ("Congés payés", "Le salarié bénéficie de deux jours et demi ouvrables de congés payés par mois de travail effectif.".to_owned()),
        ("Confidentialité", "Le salarié s'engage à une discrétion absolue sur l'ensemble des informations dont il aurait connaissance dans l'exercice de ses fonctions.".to_owned()),
    ];
    let mut blocks = vec![Block::Paragraph(format!(
        "Entre la société {}, {}, représentée par {}, et {}, demeurant {}, il a été convenu ce qui suit.",
        company.name,
        company.legal(),
        company.director.name(),
        person.name(),
        person.street
    ))];
    for (number, (title, text)) in clauses.into_iter().enumerate() {
        blocks.push(Block::Heading(format!("Article {} – {title}", number + 1)));
        blocks.push(Block::Paragraph(text));
    }
    blocks.push(Block::Paragraph(format!("Fait en double exemplaire à {}, le {}.", company.town, short(person.hired))));
    blocks.push(Block::Signatures(
        format!("L'employeur – {}", company.director.name()),
        format!("Le salarié – {}", person.name()),
    ));
    Report {
        letterhead: Letterhead::Company(company.party()),
        title: "Contrat de travail à durée indéterminée".to_owned(),
        subtitle: person.name(),
        date: person.hired,
        blocks,
    }
}

fn last_digit_in_words(date: NaiveDate) -> &'static str {
    match date.format("%Y").to_string().as_str() {
        "2024" => "quatre",
        "2025" => "cinq",
        "2026" => "six",
        _ => "sept",
    }
}
