//! Papers of the permanent file: articles of association, Kbis, leases, engagement letters, due diligence.

use chrono::NaiveDate;

use crate::companies::{Company, FIRM, Loan, Sales};
use crate::french::{after, long};
use crate::identifiers::{siren, siret, spaced_siren};
use crate::invoice::Party;
use crate::money::Cents;
use crate::page::{Align, Block, Letterhead, Report, Row, Table};

/// Articles of association, as they were signed.
pub(crate) fn statutes(company: &Company) -> Report {
    let director = company.director.name();
    let shares = company.capital.0 / 1_000;
    let articles = [
        ("Forme", format!("Il est formé entre les associés soussignés une société de forme {} régie par les lois et règlements en vigueur et par les présents statuts.", company.legal_form)),
        ("Objet", format!("La société a pour objet, en France et à l'étranger : {}. Elle peut réaliser toutes opérations mobilières ou immobilières se rattachant directement ou indirectement à cet objet ou susceptibles d'en faciliter l'extension ou le développement.", company.activity.to_lowercase())),
        ("Dénomination", format!("La dénomination sociale est : {}. Dans tous les actes et documents émanant de la société, elle est précédée ou suivie de la mention « {} » et de l'énonciation du capital social.", company.name, company.legal_form)),
        ("Siège social", format!("Le siège social est fixé : {}, {}. Il peut être transféré en tout autre endroit du même département par simple décision de la gérance, sous réserve de ratification par la prochaine assemblée.", company.street, company.city())),
        ("Durée", "La durée de la société est fixée à quatre-vingt-dix-neuf années à compter de son immatriculation au registre du commerce et des sociétés, sauf dissolution anticipée ou prorogation.".to_owned()),
        ("Apports", format!("Les associés font apport à la société d'une somme en numéraire de {}, intégralement libérée et déposée sur un compte ouvert au nom de la société en formation auprès de {}.", company.capital.with_sign(), company.bank.name)),
        ("Capital social", format!("Le capital social est fixé à la somme de {}. Il est divisé en {shares} parts de dix euros chacune, numérotées de 1 à {shares}, entièrement souscrites et réparties entre les associés en proportion de leurs apports.", company.capital.with_sign())),
        ("Augmentation et réduction du capital", "Le capital peut être augmenté ou réduit par décision extraordinaire des associés. En cas d'augmentation par apports en numéraire, chaque associé dispose d'un droit préférentiel de souscription proportionnel au nombre de parts qu'il possède.".to_owned()),
        ("Cession des parts", "Les parts sont librement cessibles entre associés. Elles ne peuvent être cédées à des tiers qu'avec le consentement de la majorité des associés représentant au moins la moitié des parts sociales. Le projet de cession est notifié à la société et à chacun des associés.".to_owned()),
        ("Direction", format!("La société est dirigée par {director}, né(e) {}, nommé(e) sans limitation de durée. Dans ses rapports avec les tiers, la direction est investie des pouvoirs les plus étendus pour agir en toute circonstance au nom de la société.", company.director.born)),
        ("Décisions collectives", "Les décisions collectives résultent d'une assemblée, d'une consultation écrite ou du consentement de tous les associés exprimé dans un acte. Chaque associé a droit de participer aux décisions et dispose d'un nombre de voix égal à celui des parts qu'il possède.".to_owned()),
        ("Exercice social", "L'exercice social a une durée de douze mois. Par exception, le premier exercice peut être d'une durée différente. Les dates d'ouverture et de clôture figurent en annexe et sont déclarées aux services fiscaux.".to_owned()),
        ("Comptes annuels", "À la clôture de chaque exercice, la direction dresse l'inventaire et les comptes annuels, qui sont soumis à l'approbation des associés dans les six mois de la clôture et déposés au greffe.".to_owned()),
        ("Affectation du résultat", "Il est fait sur le bénéfice un prélèvement d'un vingtième au moins pour constituer la réserve légale, jusqu'à ce qu'elle atteigne le dixième du capital. Le solde est à la disposition de l'assemblée, qui décide de le distribuer, de le porter en réserve ou de le reporter à nouveau.".to_owned()),
        ("Dissolution et liquidation", "La société est dissoute à l'arrivée du terme, par décision extraordinaire des associés ou pour toute autre cause prévue par la loi. La liquidation est faite par un ou plusieurs liquidateurs nommés par les associés.".to_owned()),
        ("Contestations", "Les contestations qui pourraient s'élever pendant la durée de la société ou au cours de sa liquidation sont soumises aux tribunaux compétents du lieu du siège social.".to_owned()),
    ];
    let mut blocks = vec![
        Block::Paragraph(format!("Société : {} – {} – Siège social : {}, {} – SIREN {}", company.name, company.legal(), company.street, company.city(), spaced_siren(&company.siren()))),
        Block::Paragraph("Les soussignés ont établi ainsi qu'il suit les statuts de la société qu'ils conviennent de constituer entre eux.".to_owned()),
    ];
    for (number, (title, text)) in articles.into_iter().enumerate() {
        blocks.push(Block::Heading(format!("Article {} – {title}", number + 1)));
        blocks.push(Block::Paragraph(text));
    }
    blocks.push(Block::Paragraph(format!(
        "Fait à {}, le {}, en autant d'exemplaires que requis par la loi.",
        company.town,
        long(company.founded)
    )));
    blocks.push(Block::Signatures(director, "Les associés".to_owned()));
    report(
        Letterhead::Company(company.party()),
        format!("Statuts de la société {}", company.name),
        format!("Mis à jour au {}", long(company.founded)),
        company.founded,
        blocks,
    )
}

/// An extract of the trade register.
pub(crate) fn kbis(company: &Company, date: NaiveDate) -> Report {
    let identity = vec![
        pair("Immatriculation au RCS, numéro", format!("{} R.C.S. {}", spaced_siren(&company.siren()), company.town)),
        pair("Date d'immatriculation", long(company.founded)),
        pair("Dénomination", company.name),
        pair("Forme juridique", company.legal_form),
        pair("Capital social", company.capital.with_sign()),
        pair("Adresse du siège", format!("{}, {}", company.street, company.city())),
        pair("Activités principales", company.activity),
        pair("Durée de la personne morale", "99 ans"),
        pair("Date de clôture de l'exercice", company.fiscal_years[0].1.format("%d/%m").to_string()),
    ];
    let people = vec![
        pair(company.director.title, company.director.name()),
        pair("Né(e)", company.director.born),
        pair("Nationalité", "Française"),
    ];
    let place = vec![
        pair("Adresse de l'établissement", format!("{}, {}", company.street, company.city())),
        pair("Activité exercée", company.activity),
        pair("Date de commencement d'activité", long(company.founded)),
        pair("Origine du fonds", "Création"),
        pair("Mode d'exploitation", "Exploitation directe"),
    ];
    let blocks = vec![
        Block::Heading("Identification de la personne morale".to_owned()),
        Block::Pairs(identity),
        Block::Heading("Gestion, direction, administration, contrôle, associés ou membres".to_owned()),
        Block::Pairs(people),
        Block::Heading("Renseignements relatifs à l'activité et à l'établissement principal".to_owned()),
        Block::Pairs(place),
        Block::Paragraph(format!(
            "Extrait délivré le {}. Le greffier, pour valoir ce que de droit. Document de démonstration, sans valeur juridique.",
            long(date)
        )),
    ];
    let office = format!("Registre du commerce et des sociétés – greffe de {}", company.town);
    report(
        Letterhead::Administration { name: "GREFFE DU TRIBUNAL DE COMMERCE", office },
        "Extrait Kbis".to_owned(),
        "Extrait d'immatriculation principale au registre du commerce et des sociétés".to_owned(),
        date,
        blocks,
    )
}

/// The firm's engagement letter.
pub(crate) fn engagement_letter(company: &Company, date: NaiveDate) -> Report {
    let quarterly: Cents = FIRM.items.iter().map(|item| item.price * item.most).sum();
    let works = [
        ("Tenue et révision des comptes", "Mensuelle", FIRM.items[0].price),
        ("Déclarations fiscales périodiques", "Mensuelle", FIRM.items[1].price),
        ("Espace documentaire partagé", "Permanent", FIRM.items[2].price * FIRM.items[2].most),
    ];
    let mut rows: Vec<Row> = works
        .into_iter()
        .map(|(work, rhythm, fee)| Row::plain([work.to_owned(), rhythm.to_owned(), fee.to_string()]))
        .collect();
    if !company.employees.is_empty() {
        rows.push(Row::plain(["Bulletins de paie et DSN (par bulletin)", "Mensuelle", "22,00"]));
    }
    rows.push(Row::strong(["Total trimestriel hors paie".to_owned(), String::new(), quarterly.to_string()]));
    let blocks = vec![
        Block::Paragraph(format!("À l'attention de {}, {} de {}\n{}, {}", company.director.name(), company.director.title.to_lowercase(), company.name, company.street, company.city())),
        Block::Paragraph("Vous avez bien voulu nous confier une mission de présentation des comptes annuels de votre entreprise et nous vous en remercions. La présente lettre a pour objet de vous confirmer les termes et les objectifs de notre mission ainsi que la nature et les limites de celle-ci.".to_owned()),
        Block::Heading("1. Notre mission".to_owned()),
        Block::Paragraph("Notre mission de présentation, réalisée conformément à la norme professionnelle applicable (NP 2300), a pour objectif d'exprimer une opinion sur la cohérence et la vraisemblance des comptes de votre entreprise pris dans leur ensemble. Elle ne constitue ni un audit ni un examen limité et n'a pas pour objet la recherche de fraudes.".to_owned()),
        Block::Heading("2. Répartition des travaux".to_owned()),
        Block::Paragraph("Vous assurez la transmission des pièces justificatives au plus tard le 8 de chaque mois par l'espace documentaire partagé : factures d'achat et de vente, relevés bancaires, notes de frais et éléments variables de paie. Nous assurons l'enregistrement, la révision et l'établissement des déclarations.".to_owned()),
        Block::Heading("3. Honoraires".to_owned()),
        Block::Table(Table::new(&[("Travaux", 6, Align::Left), ("Périodicité", 3, Align::Left), ("Honoraires HT (€)", 3, Align::Right)], rows)),
        Block::Paragraph("Nos honoraires sont payables à réception par prélèvement. Ils sont révisés chaque année au 1er janvier selon l'indice Syntec. Tout travail complémentaire fait l'objet d'un accord préalable.".to_owned()),
        Block::Heading("4. Durée et résiliation".to_owned()),
        Block::Paragraph("La mission est conclue pour un exercice et renouvelable par tacite reconduction. Chaque partie peut y mettre fin par lettre recommandée trois mois avant la clôture de l'exercice.".to_owned()),
        Block::Heading("5. Protection des données et lutte contre le blanchiment".to_owned()),
        Block::Paragraph("Le cabinet traite les données personnelles nécessaires à sa mission dans le respect du RGPD. Il est tenu aux obligations de vigilance prévues par le code monétaire et financier (articles L561-1 et suivants) et au secret professionnel.".to_owned()),
        Block::Paragraph(format!("Fait à Nantes, le {}, en deux exemplaires.", long(date))),
        Block::Signatures("Pour le cabinet – Claire Fontaine".to_owned(), format!("Pour le client – {}", company.director.name())),
    ];
    report(
        Letterhead::Company(FIRM.party()),
        format!("Lettre de mission – {}", company.name),
        "Mission de présentation des comptes annuels".to_owned(),
        date,
        blocks,
    )
}

/// A commercial lease, for those who rent.
pub(crate) fn lease(company: &Company, landlord: &Party, rent: Cents) -> Report {
    let date = after(company.founded, 12);
    let clauses = [
        ("Désignation", format!("Un local d'une surface de 86 m² environ situé {}, {}, comprenant une pièce principale, une réserve et un bloc sanitaire.", company.street, company.city())),
        ("Durée", "Le bail est consenti pour une durée de neuf années entières et consécutives. Le preneur peut donner congé à l'expiration de chaque période triennale, six mois à l'avance.".to_owned()),
        ("Destination", format!("Les lieux sont destinés à l'exercice de l'activité suivante : {}.", company.activity.to_lowercase())),
        ("Loyer", format!("Le bail est consenti moyennant un loyer mensuel de {} hors taxes et hors charges, payable d'avance le premier jour de chaque mois, TVA en sus au taux en vigueur.", rent.with_sign())),
        ("Révision", "Le loyer est révisé chaque année à la date anniversaire du bail en fonction de la variation de l'indice des loyers commerciaux (ILC) publié par l'INSEE.".to_owned()),
        ("Dépôt de garantie", format!("Le preneur verse ce jour une somme de {} correspondant à trois mois de loyer hors taxes.", (rent * 3).with_sign())),
        ("Charges, impôts et travaux", "L'inventaire des charges, impôts, taxes et redevances est annexé au bail. Les grosses réparations de l'article 606 du code civil restent à la charge du bailleur.".to_owned()),
        ("Assurances", "Le preneur assure son mobilier, ses marchandises et les risques locatifs, et en justifie à première demande.".to_owned()),
        ("Clause résolutoire", "À défaut de paiement d'un seul terme à son échéance et un mois après un commandement resté infructueux, le bail est résilié de plein droit.".to_owned()),
    ];
    let mut blocks = vec![Block::Paragraph(format!(
        "Entre {}, {}, {}, {}, ci-après « le bailleur », et {}, {}, représentée par {}, ci-après « le preneur », il a été convenu ce qui suit.",
        landlord.name,
        landlord.legal,
        landlord.street,
        landlord.city,
        company.name,
        company.legal(),
        company.director.name()
    ))];
    for (title, text) in clauses {
        blocks.push(Block::Heading(title.to_owned()));
        blocks.push(Block::Paragraph(text));
    }
    blocks
        .push(Block::Signatures(format!("Le bailleur – {}", landlord.name), format!("Le preneur – {}", company.name)));
    report(
        Letterhead::Company(landlord.clone()),
        "Bail commercial".to_owned(),
        format!("Signé le {}", long(date)),
        date,
        blocks,
    )
}

/// The firm's due diligence form on a client.
pub(crate) fn due_diligence(company: &Company, date: NaiveDate) -> Report {
    let cash = matches!(company.sales, Sales::Takings { .. });
    let risk = |weighed: bool| if weighed { "Moyen" } else { "Faible" };
    let rows = vec![
        Row::plain(["Identité du dirigeant vérifiée (CNI en cours de validité)", "Oui", "Faible"]),
        Row::plain(["Bénéficiaires effectifs identifiés et déclarés au greffe", "Oui", "Faible"]),
        Row::plain(["Personne politiquement exposée", "Non", "Faible"]),
        Row::plain(["Activité manipulant des espèces", if cash { "Oui" } else { "Non" }, risk(cash)]),
        Row::plain(["Opérations avec des pays à risque (listes GAFI et UE)", "Non", "Faible"]),
        Row::plain(["Gel des avoirs : consultation du registre national", "Fait", "Faible"]),
        Row::strong(["Niveau de vigilance retenu", "Standard", risk(cash)]),
    ];
    let blocks = vec![
        Block::Pairs(vec![
            pair("Client", format!("{} – SIREN {}", company.name, spaced_siren(&company.siren()))),
            pair("Activité", format!("{} ({})", company.activity, company.activity_code)),
            pair("Dirigeant", format!("{}, né(e) {}", company.director.name(), company.director.born)),
            pair("Entrée en relation", long(after(company.founded, 40))),
        ]),
        Block::Table(Table::new(&[("Critère", 7, Align::Left), ("Constat", 2, Align::Left), ("Risque", 2, Align::Left)], rows)),
        Block::Paragraph("Conclusion : maintien de la relation d'affaires, revue annuelle. Document interne, ne pas communiquer au client.".to_owned()),
        Block::Signatures("Le collaborateur".to_owned(), "L'expert-comptable responsable".to_owned()),
    ];
    report(
        Letterhead::Company(FIRM.party()),
        "Fiche de vigilance LCB-FT".to_owned(),
        company.name.to_owned(),
        date,
        blocks,
    )
}

/// The offer of a bank loan, as accepted.
pub(crate) fn loan_contract(company: &Company, loan: &Loan) -> Report {
    let date = loan.first_payment.pred_opt().map_or(loan.first_payment, |eve| eve - chrono::Days::new(34));
    let schedule = loan.schedule();
    let monthly = schedule[0].interest + schedule[0].principal;
    let blocks = vec![
        Block::Pairs(vec![
            pair("Emprunteur", format!("{} – {}", company.name, company.legal())),
            pair("Objet", format!("Financement : {}", loan.purpose)),
            pair("Montant du prêt", loan.principal.with_sign()),
            pair("Durée", format!("{} mois", loan.months)),
            pair("Taux fixe annuel", format!("{},{:02} %", loan.rate / 100, loan.rate % 100)),
            pair("Échéance mensuelle", format!("{} hors assurance, le 5 de chaque mois", monthly.with_sign())),
            pair("Première échéance", long(loan.first_payment)),
            pair("Coût total des intérêts", schedule.iter().map(|row| row.interest).sum::<Cents>().with_sign()),
        ]),
        Block::Heading("Conditions générales".to_owned()),
        Block::Paragraph("L'emprunteur autorise la banque à prélever les échéances sur le compte courant professionnel ouvert dans ses livres. Tout retard de paiement entraîne de plein droit une majoration du taux de trois points. Le remboursement anticipé, total ou partiel, est possible moyennant un préavis d'un mois et une indemnité égale à six mois d'intérêts.".to_owned()),
        Block::Heading("Garanties".to_owned()),
        Block::Paragraph(format!("Gage sur le bien financé et caution personnelle de {} dans la limite de 50 % de l'encours.", company.director.name())),
        Block::Signatures(company.bank.name.to_owned(), company.director.name()),
    ];
    let lender = Party {
        name: company.bank.name.to_owned(),
        legal: "Société anonyme coopérative à capital variable".to_owned(),
        street: company.bank.branch.to_owned(),
        city: company.city(),
        siret: siret(&siren(30_000_000 + company.bank.code), 1),
        vat_number: String::new(),
        phone: String::new(),
        email: String::new(),
        iban: String::new(),
    };
    report(
        Letterhead::Company(lender),
        "Contrat de prêt professionnel".to_owned(),
        format!("Offre acceptée le {}", long(date)),
        date,
        blocks,
    )
}

/// A label and its value.
pub(crate) fn pair(label: &str, value: impl Into<String>) -> (String, String) {
    (label.to_owned(), value.into())
}

fn report(letterhead: Letterhead, title: String, subtitle: String, date: NaiveDate, blocks: Vec<Block>) -> Report {
    Report { letterhead, title, subtitle, date, blocks }
}
