//! The standard tree of a client file, as French firms arrange it (`requirements.md` §4 of the project's sources).

use super::{ClientRight, DirectorySpec, FIRM_INBOX, ThemeSpec};

/// The themes of the standard tree.
pub const THEMES: &[ThemeSpec] = &[
    theme("juridique", "Juridique"),
    theme("mission", "Mission"),
    theme("interne", "Interne"),
    theme("social", "Social"),
    theme("comptabilite", "Comptabilité"),
    theme("achats", "Achats"),
    theme("ventes", "Ventes"),
    theme("banque", "Banque"),
    theme("fiscal", "Fiscal"),
    theme("comptes_annuels", "Comptes annuels"),
    theme("factures_cabinet", "Factures du cabinet"),
    theme("a_classer", "À classer"),
];

const fn theme(key: &'static str, label: &'static str) -> ThemeSpec {
    ThemeSpec { key, label }
}

const fn directory(key: &'static str, name: &'static str, theme: &'static str, client: ClientRight) -> DirectorySpec {
    DirectorySpec { key, name, theme: Some(theme), client, yearly: false, monthly: false, children: &[] }
}

const fn monthly(key: &'static str, name: &'static str, theme: &'static str, client: ClientRight) -> DirectorySpec {
    DirectorySpec { key, name, theme: Some(theme), client, yearly: false, monthly: true, children: &[] }
}

const fn with(parent: DirectorySpec, children: &'static [DirectorySpec]) -> DirectorySpec {
    DirectorySpec {
        key: parent.key,
        name: parent.name,
        theme: parent.theme,
        client: parent.client,
        yearly: parent.yearly,
        monthly: parent.monthly,
        children,
    }
}

const fn container(
    key: &'static str,
    name: &'static str,
    yearly: bool,
    children: &'static [DirectorySpec],
) -> DirectorySpec {
    DirectorySpec { key, name, theme: None, client: ClientRight::None, yearly, monthly: false, children }
}

use ClientRight::{Deposit, None as Hidden, Read};

/// The standard tree.
pub const STANDARD_TREE: &[DirectorySpec] = &[
    container(
        "permanent",
        "01 Dossier permanent",
        false,
        &[
            directory("juridique", "Juridique", "juridique", Read),
            directory("contrats", "Contrats et baux", "juridique", Read),
            directory("lettre_mission", "Lettre de mission", "mission", Read),
            directory("lab_kyc", "LAB - KYC", "interne", Hidden),
            directory("social_permanent", "Social permanent", "social", Deposit),
            directory("emprunts", "Emprunts et immobilisations", "comptabilite", Deposit),
        ],
    ),
    container(
        "annuel",
        "02 Dossier annuel",
        true,
        &[
            monthly("achats", "Achats", "achats", Deposit),
            monthly("ventes", "Ventes", "ventes", Deposit),
            monthly("banque", "Banque", "banque", Deposit),
            monthly("notes_frais", "Notes de frais", "achats", Deposit),
            monthly("caisse", "Caisse", "banque", Deposit),
            with(
                directory("fiscal", "Fiscal", "fiscal", Read),
                &[
                    monthly("tva", "TVA", "fiscal", Read),
                    directory("is", "IS", "fiscal", Read),
                    directory("cfe_cvae", "CFE-CVAE", "fiscal", Read),
                    directory("liasse", "Liasse", "fiscal", Read),
                ],
            ),
            with(
                directory("social", "Social", "social", Deposit),
                &[
                    monthly("bulletins", "Bulletins", "social", Deposit),
                    monthly("dsn", "DSN", "social", Deposit),
                    directory("charges", "Charges", "social", Deposit),
                ],
            ),
            with(
                directory("comptes_annuels", "Comptes annuels", "comptes_annuels", Read),
                &[
                    directory("plaquette", "Plaquette", "comptes_annuels", Read),
                    directory("fec", "FEC", "comptes_annuels", Read),
                    directory("balance", "Balance et grand livre", "comptes_annuels", Read),
                ],
            ),
            directory("revision", "Révision", "interne", Hidden),
        ],
    ),
    directory("factures_cabinet", "03 Factures du cabinet", "factures_cabinet", Read),
    directory("a_classer", "04 À classer", "a_classer", Deposit),
    directory(FIRM_INBOX, "05 À classer (cabinet)", "interne", Hidden),
];
