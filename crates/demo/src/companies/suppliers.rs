//! Who the clients buy from. The accounting firm itself is one of them.

use super::{Item, Supplier, item};
use crate::money::VatRate::{Exempt, Intermediate, Reduced, Standard};

const DEBIT: &str = "Prélèvement";
const TRANSFER: &str = "Virement";
const CARD: &str = "Carte bancaire";

#[expect(clippy::too_many_arguments, reason = "a row of the tables below")]
const fn supplier(
    name: &'static str,
    legal: &'static str,
    address: (&'static str, &'static str),
    siren: u32,
    account: &'static str,
    rhythm: (u32, u32),
    prefix: &'static str,
    terms: (&'static str, u32),
    lines: usize,
    items: &'static [Item],
) -> Supplier {
    Supplier {
        name,
        legal,
        street: address.0,
        city: address.1,
        siren,
        account,
        period: rhythm.0,
        day: rhythm.1,
        prefix,
        payment: terms.0,
        term: terms.1,
        lines,
        items,
    }
}

/// The accounting firm.
pub(crate) static FIRM: Supplier = supplier(
    "Cabinet Rivage & Associés",
    "SARL d'expertise comptable au capital de 60 000 €",
    ("18 quai de la Fosse", "44000 Nantes"),
    84_120_336,
    "622600",
    (3, 28),
    "HON-",
    (DEBIT, 10),
    1,
    &[
        item("Tenue et révision comptable – forfait trimestriel", "forfait", 64_500, 1, Standard),
        item("Déclarations fiscales de la période", "forfait", 18_000, 1, Standard),
        item("Abonnement à l'espace documentaire", "mois", 1_900, 3, Standard),
    ],
);

pub(super) static EDF: Supplier = supplier(
    "EDF Entreprises",
    "SA au capital de 2 084 365 041 €",
    ("22 avenue de Wagram", "75008 Paris"),
    55_208_131,
    "606100",
    (1, 12),
    "4",
    (DEBIT, 15),
    1,
    &[
        item("Abonnement C5 – puissance 18 kVA", "mois", 2_874, 1, Reduced),
        item("Consommation heures pleines (kWh)", "kWh", 21, 1_350, Standard),
        item("Consommation heures creuses (kWh)", "kWh", 16, 760, Standard),
        item("Accise sur l'électricité et CTA", "mois", 2_311, 1, Standard),
    ],
);

pub(super) static ORANGE: Supplier = supplier(
    "Orange Business",
    "SA au capital de 10 640 226 396 €",
    ("111 quai du Président Roosevelt", "92130 Issy-les-Moulineaux"),
    38_012_986,
    "626000",
    (1, 6),
    "OB26-",
    (DEBIT, 12),
    1,
    &[
        item("Fibre Pro 1 Gbit/s – ligne principale", "mois", 5_200, 1, Standard),
        item("Forfait mobile Pro 100 Go", "ligne", 2_199, 3, Standard),
    ],
);

pub(super) static INSURANCE: Supplier = supplier(
    "Mutuelle Atlantique Pro",
    "Société d'assurance mutuelle à cotisations variables",
    ("4 rue du Calvaire", "44000 Nantes"),
    78_561_204,
    "616000",
    (3, 3),
    "AVE-",
    (DEBIT, 20),
    1,
    &[
        item("Multirisque professionnelle – échéance trimestrielle", "trim.", 41_860, 1, Exempt),
        item("Responsabilité civile exploitation", "trim.", 17_240, 1, Exempt),
    ],
);

pub(super) static STATIONERY: Supplier = supplier(
    "Papeterie Lecomte",
    "SAS au capital de 45 000 €",
    ("31 rue Crébillon", "44000 Nantes"),
    41_270_958,
    "606400",
    (2, 17),
    "PL-",
    (CARD, 0),
    4,
    &[
        item("Ramette A4 80 g extra blanc (500 feuilles)", "u", 489, 20, Standard),
        item("Cartouche laser noire HY-410X", "u", 8_990, 3, Standard),
        item("Classeur à levier dos 8 cm", "u", 312, 15, Standard),
        item("Chemises dossiers 24×32 (lot de 100)", "lot", 1_745, 4, Standard),
        item("Stylos bille bleus (boîte de 50)", "boîte", 1_260, 2, Standard),
    ],
);

pub(super) static LANDLORD: Supplier = supplier(
    "Foncière Saint-Aubin",
    "SCI au capital de 150 000 €",
    ("9 allée Brancas", "44000 Nantes"),
    50_931_477,
    "613200",
    (1, 1),
    "QT-",
    (TRANSFER, 5),
    1,
    &[
        item("Loyer commercial du mois", "mois", 128_000, 1, Standard),
        item("Provision pour charges", "mois", 14_500, 1, Standard),
    ],
);

pub(super) static FUEL: Supplier = supplier(
    "Pétroles de l'Erdre",
    "SAS au capital de 320 000 €",
    ("Zone de la Bérangerais", "44240 La Chapelle-sur-Erdre"),
    43_902_165,
    "606150",
    (1, 29),
    "FC",
    (DEBIT, 20),
    2,
    &[
        item("Gazole B7 – carte flotte (litres)", "l", 139, 620, Standard),
        item("AdBlue vrac (litres)", "l", 88, 60, Standard),
        item("Péages – relevé du mois", "relevé", 8_640, 1, Standard),
    ],
);

pub(super) static HOSTING: Supplier = supplier(
    "Nuage Breton Hébergement",
    "SAS au capital de 200 000 €",
    ("2 rue de la Mabilais", "35000 Rennes"),
    81_334_509,
    "613500",
    (1, 4),
    "NBH-2026-",
    (CARD, 0),
    2,
    &[
        item("Serveur dédié NB-64 – 12 cœurs", "mois", 14_900, 3, Standard),
        item("Sauvegarde distante (To)", "To", 1_290, 6, Standard),
        item("Licence suite graphique", "poste", 6_649, 4, Standard),
    ],
);

pub(super) static FLOUR: Supplier = supplier(
    "Minoterie du Val de Sèvre",
    "SAS au capital de 480 000 €",
    ("Moulin de Gervaux", "44190 Clisson"),
    33_187_420,
    "601000",
    (1, 9),
    "MVS",
    (DEBIT, 30),
    4,
    &[
        item("Farine T65 Label Rouge – sac 25 kg", "sac", 2_235, 70, Reduced),
        item("Farine de seigle T130 – sac 25 kg", "sac", 2_480, 14, Reduced),
        item("Levure fraîche – carton 10 kg", "carton", 2_910, 8, Reduced),
        item("Beurre de tourage 82 % – plaque 2 kg", "plaque", 1_890, 40, Reduced),
        item("Pépites de chocolat – seau 5 kg", "seau", 5_120, 6, Reduced),
    ],
);

pub(super) static GROCER: Supplier = supplier(
    "Halles Gourmandes",
    "SA au capital de 1 200 000 €",
    ("MIN de Nantes, bâtiment C", "44400 Rezé"),
    86_580_112,
    "601000",
    (1, 14),
    "HG-",
    (DEBIT, 20),
    5,
    &[
        item("Filet de bar 180/220 (kg)", "kg", 2_480, 18, Reduced),
        item("Légumes de saison – cagette", "cagette", 1_960, 40, Reduced),
        item("Crème entière 35 % – bidon 5 l", "bidon", 2_145, 12, Reduced),
        item("Entrecôte Parthenaise (kg)", "kg", 2_690, 25, Reduced),
        item("Muscadet sur lie 2024 – carton de 6", "carton", 3_870, 14, Standard),
        item("Eau minérale 1 l – casier de 12", "casier", 940, 20, Reduced),
    ],
);

pub(super) static DENTAL: Supplier = supplier(
    "Labo Prothèses Armor",
    "SARL au capital de 24 000 €",
    ("12 rue Jean Jaurès", "22000 Saint-Brieuc"),
    47_215_883,
    "611000",
    (1, 25),
    "LPA-",
    (TRANSFER, 30),
    3,
    &[
        item("Couronne céramo-métallique", "u", 11_800, 12, Exempt),
        item("Bridge 3 éléments zircone", "u", 38_500, 3, Exempt),
        item("Appareil amovible 6 dents", "u", 24_900, 3, Exempt),
    ],
);

pub(super) static MATERIALS: Supplier = supplier(
    "Matériaux Loire Océan",
    "SAS au capital de 750 000 €",
    ("ZI de Cheviré", "44100 Nantes"),
    32_650_917,
    "601000",
    (1, 11),
    "F26",
    (TRANSFER, 30),
    5,
    &[
        item("Ciment CEM II 32,5 R – sac 35 kg", "sac", 1_042, 90, Standard),
        item("Parpaing creux 20×20×50", "u", 138, 900, Standard),
        item("Sable à maçonner 0/4 (t)", "t", 3_460, 12, Standard),
        item("Treillis soudé ST25C 6×2,40 m", "u", 5_890, 14, Standard),
        item("Poutrelle précontrainte 4,20 m", "u", 3_170, 24, Standard),
        item("Location benne gravats 8 m³", "u", 24_500, 2, Standard),
    ],
);

pub(super) static TIMBER: Supplier = supplier(
    "Scieries Réunies du Bocage",
    "SA au capital de 610 000 €",
    ("Route de Fougères", "35133 Javené"),
    39_871_204,
    "601000",
    (1, 16),
    "SRB-",
    (TRANSFER, 30),
    4,
    &[
        item("Chêne massif avivé 27 mm (m²)", "m²", 6_420, 35, Standard),
        item("Panneau trois plis épicéa 19 mm", "u", 11_350, 14, Standard),
        item("Double vitrage 4/16/4 argon (m²)", "m²", 5_880, 22, Standard),
        item("Quincaillerie – paumelles et crémones", "lot", 8_760, 4, Standard),
        item("Isolant fibre de bois 140 mm (m²)", "m²", 1_970, 60, Standard),
    ],
);

pub(super) static PARTS: Supplier = supplier(
    "Pièces Auto Distribution Ouest",
    "SAS au capital de 390 000 €",
    ("14 boulevard de l'Industrie", "49000 Angers"),
    42_558_106,
    "607000",
    (1, 10),
    "PADO-",
    (DEBIT, 20),
    5,
    &[
        item("Jeu de plaquettes de frein avant", "jeu", 3_480, 14, Standard),
        item("Pneu été 205/55 R16 91V", "u", 6_790, 24, Standard),
        item("Huile moteur 5W30 – fût 60 l", "fût", 28_600, 2, Standard),
        item("Kit de distribution avec pompe à eau", "kit", 14_250, 4, Standard),
        item("Batterie 70 Ah 640 A", "u", 8_470, 6, Standard),
    ],
);

pub(super) static FLOWERS: Supplier = supplier(
    "Grossiste Floral de l'Ouest",
    "SARL au capital de 90 000 €",
    ("MIN de Nantes, bâtiment F", "44400 Rezé"),
    45_093_271,
    "607000",
    (1, 8),
    "GFO",
    (DEBIT, 10),
    4,
    &[
        item("Roses équateur 60 cm – botte de 20", "botte", 1_480, 45, Intermediate),
        item("Feuillages assortis – botte", "botte", 390, 60, Intermediate),
        item("Orchidée phalaenopsis 2 tiges", "u", 980, 36, Intermediate),
        item("Mousse florale – carton de 20", "carton", 2_260, 5, Standard),
        item("Lys oriental – botte de 10", "botte", 1_190, 25, Intermediate),
    ],
);

pub(super) static GLASSWARE: Supplier = supplier(
    "Verrerie & Bouchons de Loire",
    "SAS au capital de 530 000 €",
    ("Quai Gautreau", "49400 Saumur"),
    38_664_029,
    "602600",
    (2, 19),
    "VBL-",
    (TRANSFER, 45),
    4,
    &[
        item("Bouteille bourguignonne 75 cl – palette", "palette", 48_900, 3, Standard),
        item("Bouchon liège naturel 45 mm – sac de 1 000", "sac", 16_800, 4, Standard),
        item("Capsules à vis – carton de 2 000", "carton", 13_900, 3, Standard),
        item("Étiquettes adhésives – bobine de 1 000", "bobine", 11_200, 5, Standard),
    ],
);

pub(super) static GARAGE: Supplier = supplier(
    "Poids Lourds Services 29",
    "SAS au capital de 260 000 €",
    ("ZA de Kergaradec", "29850 Gouesnou"),
    40_217_755,
    "615500",
    (2, 21),
    "PLS-",
    (TRANSFER, 30),
    3,
    &[
        item("Révision tracteur 120 000 km", "forfait", 74_500, 1, Standard),
        item("Pneu PL 315/70 R22.5", "u", 41_800, 4, Standard),
        item("Main-d'œuvre atelier (heures)", "h", 7_800, 9, Standard),
    ],
);

pub(super) static TRAVEL: Supplier = supplier(
    "Agence Escales Pro",
    "SARL au capital de 38 000 €",
    ("6 place Royale", "44000 Nantes"),
    44_480_613,
    "625100",
    (2, 13),
    "ESC-",
    (CARD, 0),
    3,
    &[
        item("Billet de train Nantes – Paris A/R", "u", 9_870, 5, Intermediate),
        item("Hôtel 3* – nuitée avec petit-déjeuner", "nuit", 11_250, 5, Intermediate),
        item("Location véhicule catégorie B (jour)", "jour", 6_320, 4, Standard),
    ],
);

pub(super) static WORKS: Supplier = supplier(
    "Plomberie Rénov'Atlantique",
    "EURL au capital de 8 000 €",
    ("27 rue Paul Bellamy", "44000 Nantes"),
    53_117_420,
    "615200",
    (3, 15),
    "PRA-",
    (TRANSFER, 30),
    2,
    &[
        item("Remplacement groupe de sécurité chauffe-eau", "u", 18_700, 2, Intermediate),
        item("Recherche de fuite et réparation", "forfait", 24_300, 1, Intermediate),
        item("Entretien chaudière gaz", "u", 11_900, 4, Intermediate),
    ],
);
