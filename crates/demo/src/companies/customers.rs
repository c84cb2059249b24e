//! Who the clients sell to, and what.

use super::{Customer, Item, customer, item};
use crate::money::VatRate::{Exempt, Intermediate, Reduced, Standard};

pub(super) static COUNCILS: &[Customer] = &[
    customer(
        "CSE Chantiers de l'Estuaire",
        "Comité social et économique",
        "Boulevard des Apprentis",
        "44600 Saint-Nazaire",
        77_204_418,
    ),
    customer(
        "CSE Biscuiterie Armoricaine",
        "Comité social et économique",
        "8 rue des Frères Lumière",
        "56000 Vannes",
        77_318_902,
    ),
    customer(
        "Ouest Logistique Services",
        "SAS au capital de 900 000 €",
        "Parc d'activités de la Forêt",
        "44140 Le Bignon",
        50_412_376,
    ),
    customer(
        "Clinique du Parc Fleuri",
        "SA au capital de 2 400 000 €",
        "70 avenue des Sports",
        "49000 Angers",
        32_118_845,
    ),
];

pub(super) static COUNCIL_WORK: &[Item] = &[
    item("Formation économique des élus – journée", "jour", 168_000, 3, Standard),
    item("Assistance aux consultations annuelles", "jour", 142_000, 4, Standard),
    item("Rédaction du rapport de mission", "forfait", 225_000, 1, Standard),
    item("Frais de déplacement refacturés", "forfait", 18_640, 1, Standard),
];

pub(super) static BUILDING_CUSTOMERS: &[Customer] = &[
    customer("M. et Mme Guillou", "", "14 chemin des Vignes", "44330 Vallet", 0),
    customer("Mme Solange Pineau", "", "3 rue de la Paix", "44120 Vertou", 0),
    customer("SCI Les Trois Moulins", "SCI au capital de 3 000 €", "45 route de Clisson", "44200 Nantes", 51_920_337),
    customer(
        "Commune de La Haie-Fouassière",
        "Collectivité territoriale",
        "Place de la Mairie",
        "44690 La Haie-Fouassière",
        21_440_070,
    ),
    customer(
        "Promotion Sud Loire",
        "SAS au capital de 400 000 €",
        "5 place Aristide Briand",
        "44000 Nantes",
        80_215_663,
    ),
];

pub(super) static MASONRY: &[Item] = &[
    item("Élévation mur parpaings enduits (m²)", "m²", 9_850, 85, Standard),
    item("Dalle béton armé 12 cm (m²)", "m²", 8_920, 70, Standard),
    item("Reprise de façade à la chaux – rénovation (m²)", "m²", 7_640, 90, Intermediate),
    item("Ouverture mur porteur, pose IPN – rénovation", "u", 386_000, 1, Intermediate),
    item("Terrassement et évacuation des déblais", "forfait", 214_000, 1, Standard),
];

pub(super) static JOINERY: &[Item] = &[
    item("Fenêtre bois double vitrage – rénovation énergétique", "u", 89_500, 7, Reduced),
    item("Isolation des combles – rénovation énergétique (m²)", "m²", 5_480, 80, Reduced),
    item("Escalier quart tournant chêne", "u", 492_000, 1, Intermediate),
    item("Agencement bibliothèque sur mesure", "u", 318_000, 1, Standard),
    item("Dépose et évacuation des anciennes menuiseries", "u", 8_700, 7, Intermediate),
];

pub(super) static SHIPPERS: &[Customer] = &[
    customer(
        "Coopérative Légumière du Léon",
        "Société coopérative agricole",
        "Kerisnel",
        "29250 Saint-Pol-de-Léon",
        77_755_601,
    ),
    customer(
        "Conserverie Pointe de Penmarc'h",
        "SAS au capital de 1 100 000 €",
        "Quai de Kérity",
        "29760 Penmarc'h",
        33_870_415,
    ),
    customer("Meubles Ar Goat", "SARL au capital de 75 000 €", "ZA de Saint-Thudon", "29490 Guipavas", 43_117_098),
];

pub(super) static FREIGHT: &[Item] = &[
    item("Brest – Rungis, semi frigorifique complet", "tour", 138_000, 9, Standard),
    item("Brest – Nantes, messagerie palettes", "palette", 6_850, 45, Standard),
    item("Indexation gazole du mois", "forfait", 41_200, 1, Standard),
    item("Immobilisation au quai (heures)", "h", 5_600, 6, Standard),
];

pub(super) static TENANTS: &[Customer] = &[
    customer("M. Yann Le Goff", "", "12 rue Haute, appartement 1", "44400 Rezé", 0),
    customer("Mme Fatou Sarr", "", "12 rue Haute, appartement 2", "44400 Rezé", 0),
    customer("M. et Mme Rocher", "", "12 rue Haute, appartement 3", "44400 Rezé", 0),
];

pub(super) static RENTS: &[Item] = &[
    item("Loyer du mois, hors charges", "mois", 71_500, 1, Exempt),
    item("Provision pour charges", "mois", 6_800, 1, Exempt),
];

pub(super) static WEB_CUSTOMERS: &[Customer] = &[
    customer(
        "Festival Voix du Large",
        "Association loi 1901",
        "1 quai des Chantiers",
        "44600 Saint-Nazaire",
        49_350_218,
    ),
    customer(
        "Conserverie Pointe de Penmarc'h",
        "SAS au capital de 1 100 000 €",
        "Quai de Kérity",
        "29760 Penmarc'h",
        33_870_415,
    ),
    customer("Hôtel des Remparts", "SARL au capital de 20 000 €", "4 rue des Remparts", "44350 Guérande", 41_880_926),
];

pub(super) static WEB_WORK: &[Item] = &[
    item("Conception UX/UI – journée", "jour", 58_000, 7, Standard),
    item("Développement front-end – journée", "jour", 56_000, 11, Standard),
    item("Maintenance et hébergement du site", "mois", 24_000, 1, Standard),
    item("Reportage photo et retouches", "forfait", 98_000, 1, Standard),
];

pub(super) static MOTORISTS: &[Customer] = &[
    customer("Taxis Ligériens", "SARL au capital de 12 000 €", "8 rue de Strasbourg", "44000 Nantes", 48_271_640),
    customer(
        "Ambulances Saint-Clément",
        "SARL au capital de 40 000 €",
        "21 rue du Maréchal Joffre",
        "44000 Nantes",
        39_226_817,
    ),
    customer("M. Bruno Leroux", "", "2 allée des Camélias", "44800 Saint-Herblain", 0),
    customer("Mme Anne-Sophie Caillaud", "", "17 avenue du Bois", "44700 Orvault", 0),
];

pub(super) static REPAIRS: &[Item] = &[
    item("Main-d'œuvre mécanique T2 (heures)", "h", 7_200, 14, Standard),
    item("Forfait vidange et filtres", "forfait", 14_900, 2, Standard),
    item("Remplacement kit de distribution", "forfait", 64_000, 2, Standard),
    item("Pneus montés, équilibrés", "u", 10_900, 8, Standard),
    item("Carrosserie – reprise aile et vernis", "forfait", 86_500, 1, Standard),
];

pub(super) static WINE_BUYERS: &[Customer] = &[
    customer(
        "Cave des Halles de Talensac",
        "SARL au capital de 15 000 €",
        "Marché de Talensac",
        "44000 Nantes",
        50_117_384,
    ),
    customer("Vins & Terroirs de France", "SAS au capital de 300 000 €", "44 rue de Bercy", "75012 Paris", 79_446_210),
    customer("Restaurant L'Anse du Roy", "SARL au capital de 30 000 €", "Quai de la Loire", "44300 Nantes", 52_870_093),
];

pub(super) static WINES: &[Item] = &[
    item("Muscadet Sèvre-et-Maine sur lie 2025 – carton de 6", "carton", 3_540, 130, Standard),
    item("Gros-plant du Pays nantais 2025 – carton de 6", "carton", 2_620, 70, Standard),
    item("Cru communal Clisson 2022 – carton de 6", "carton", 8_160, 45, Standard),
    item("Pétillant « La Roche Blonde » brut – carton de 6", "carton", 4_980, 50, Standard),
];
