//! The command line's French sentences.

use protocol::failure::{Failure, FailureCode};
use protocol::local::{HeldKind, ImportView};
use protocol::view::{Connection, Reason, SyncItem, SyncItems, SyncMark, SyncStatus};

/// What happened and what to do, for somebody at a terminal.
pub(super) fn sentence(failure: &Failure) -> String {
    let detail = |name: &str| failure.details.get(name).map(String::as_str).unwrap_or_default();
    match failure.code {
        FailureCode::SignedOut => {
            "Personne n'est connecté, ou la session a expiré : lancez « gedeon sign-in ».".to_owned()
        }
        FailureCode::WrongPassword => "E-mail ou mot de passe incorrect. Vérifiez-les et recommencez.".to_owned(),
        FailureCode::TooManyTries => {
            format!("Trop d'essais. Attendez {} secondes avant de recommencer.", detail("seconds"))
        }
        FailureCode::Offline => {
            "Le serveur ne répond pas. Rien n'est perdu : ce qui attend partira dès son retour.".to_owned()
        }
        FailureCode::UpdateNeeded => {
            "Cette version de Gédéon est trop ancienne pour ce serveur : mettez-la à jour.".to_owned()
        }
        FailureCode::NotFound if !detail("year").is_empty() => format!(
            "« {} » n'a pas d'exercice clos en {} : la fenêtre montre les siens, dans « Exercices ».",
            detail("client"),
            detail("year")
        ),
        FailureCode::NotFound if !detail("client").is_empty() => {
            format!(
                "Aucun dossier client ne s'appelle « {} ». « gedeon status » et la fenêtre montrent leurs noms ; la fenêtre en ajoute.",
                detail("client")
            )
        }
        FailureCode::NotFound if !detail("folder").is_empty() => {
            format!("Le dossier « {} » n'existe pas dans ce dossier client.", detail("folder"))
        }
        FailureCode::BadRequest if detail("reason") == "in_use" => {
            "Gédéon tourne déjà sur ce profil : fermez-le, ou choisissez un autre profil avec --profile.".to_owned()
        }
        FailureCode::BadRequest if detail("reason") == "not_https" => {
            "L'adresse du serveur doit commencer par https:// (http:// n'est accepté que sur ce poste).".to_owned()
        }
        FailureCode::MirrorPlace if matches!(detail("reason"), "other_mirror" | "in_use") => {
            format!(
                "Le dossier « {} » est le miroir d'une autre personne, ou d'un autre profil en marche : choisissez-en un autre.",
                detail("path")
            )
        }
        FailureCode::MirrorPlace if !detail("program").is_empty() => {
            let (path, program, proposal) = (detail("path"), detail("program"), detail("proposal"));
            let where_it_is =
                if detail("reason").starts_with("in_") { "est dans un dossier de" } else { "contient un dossier de" };
            let remedy = if proposal.is_empty() {
                "choisissez-en un autre".to_owned()
            } else {
                format!("prenez plutôt « {proposal} »")
            };
            format!("Le dossier « {path} » {where_it_is} {program}, et deux programmes s'y gêneraient : {remedy}.")
        }
        FailureCode::MirrorPlace if detail("reason") == "not_empty" => {
            format!("Le dossier « {} » contient déjà autre chose : choisissez un dossier vide.", detail("path"))
        }
        FailureCode::LocalFile => format!("« {} » ne peut pas être lu ou écrit : {}", detail("path"), failure.message),
        FailureCode::DiskFull => "Le disque est plein. Libérez de la place, puis recommencez.".to_owned(),
        _ => format!("Échec ({:?}) : {}", failure.code, failure.message),
    }
}

/// How synchronisation stands.
pub(super) fn status(status: &SyncStatus, items: &SyncItems) -> Vec<String> {
    let mut lines = vec![headline(status)];
    if status.pending_commands > 0 || status.sending.files > 0 {
        lines.push(format!(
            "À envoyer : {} modifications, {} fichiers ({} octets)",
            status.pending_commands, status.sending.files, status.sending.bytes
        ));
    }
    if status.receiving.files > 0 {
        lines.push(format!("À recevoir : {} fichiers ({} octets)", status.receiving.files, status.receiving.bytes));
    }
    lines.extend(status.seconds_left.map(|seconds| format!("Temps restant : {}", about(seconds))));
    lines.extend(held(status));
    let is_told = |item: &&SyncItem| {
        item.mark >= SyncMark::Waiting && !matches!(item.reason, Reason::RemovalHeld | Reason::EditHeld)
    };
    for item in items.rows.iter().filter(is_told) {
        let place = if item.path.is_empty() || item.path.ends_with(&item.name) {
            if item.path.is_empty() { item.name.clone() } else { item.path.clone() }
        } else {
            format!("{}/{}", item.path, item.name)
        };
        let proposal = item.proposal.as_ref().map(|name| format!(" — nom proposé : {name}")).unwrap_or_default();
        let why = match &item.program {
            _ if item.conflict.is_some() => "deux versions : choisissez dans « À vérifier »".to_owned(),
            Some(program) => format!("ouvert dans {program} ; fermez-le, Gédéon reprendra seul"),
            None => reason(item.reason).to_owned(),
        };
        lines.push(format!("{place} : {why}{proposal}"));
    }
    lines
}

fn headline(status: &SyncStatus) -> String {
    match status.connection {
        Connection::SignedOut => "Personne n'est connecté".to_owned(),
        Connection::SessionExpired => "La session a expiré : reconnectez-vous, rien n'est perdu".to_owned(),
        Connection::UpdateNeeded => "Mise à jour nécessaire".to_owned(),
        Connection::Paused => "En pause : « gedeon resume » reprend".to_owned(),
        Connection::Offline => "Hors ligne".to_owned(),
        Connection::Online if status.up_to_date => "À jour".to_owned(),
        Connection::Online if status.held_removals + status.held_edits > 0 => held(status).join(" ; "),
        Connection::Online if status.blocked + status.to_check > 0 => {
            format!("{} à voir", status.blocked + status.to_check)
        }
        Connection::Online if status.waiting > 0 => format!("{} en attente", status.waiting),
        Connection::Online => "Synchronisation en cours".to_owned(),
    }
}

/// What is held, with how to decide.
fn held(status: &SyncStatus) -> Vec<String> {
    let how = "« gedeon held --cancel » les annule, « gedeon held --confirm » les confirme";
    [(status.held_removals, "suppression"), (status.held_edits, "modification suspecte")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} en attente : {how}", counted(count, word)))
        .collect()
}

/// A count with its words in the singular or the plural.
fn counted(count: u32, words: &str) -> String {
    let plural: Vec<String> = words.split(' ').map(|word| format!("{word}s")).collect();
    if count > 1 { format!("{count} {}", plural.join(" ")) } else { format!("{count} {words}") }
}

/// What was decided on.
pub(super) fn decided(kind: HeldKind, confirm: bool, documents: u32) -> String {
    let word = match kind {
        HeldKind::Removal => "suppression",
        HeldKind::Edit => "modification suspecte",
    };
    let what = match (kind, confirm) {
        (HeldKind::Removal, true) => "à la corbeille",
        (HeldKind::Edit, true) => "envoi au serveur",
        (HeldKind::Removal, false) => "annulation, les fichiers reviennent",
        (HeldKind::Edit, false) => "annulation, les fichiers redeviennent ceux du serveur",
    };
    format!("{} : {what}", counted(documents, word))
}

/// A duration nobody knows to the second.
fn about(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "moins d'une minute".to_owned(),
        minutes @ 2..=89 => format!("environ {minutes} min"),
        minutes => format!("environ {} h", (minutes + 30) / 60),
    }
}

/// How an import ended.
pub(super) fn import(view: &ImportView) -> Vec<String> {
    let mut lines = vec![format!("{} fichiers versés sur {}", view.done, view.found)];
    lines.extend(view.elsewhere.iter().map(|place| {
        format!("Classés dans « {} » : vous n'avez pas accès à « À classer (cabinet) »", place.path.join(" / "))
    }));
    lines.extend(view.renamed.iter().map(|renamed| format!("{} : nommé « {} »", renamed.path, renamed.name)));
    lines.extend(view.problems.iter().map(|problem| format!("{} : {}", problem.path, reason(problem.reason))));
    lines
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Queued => "en attente de son tour",
        Reason::Offline => "le serveur ne répond pas",
        Reason::InUse => "ouvert dans un autre programme ; fermez-le",
        Reason::Changing => "encore en cours d'écriture",
        Reason::NoPermission => "vous n'avez pas le droit de le lire ou de l'écrire",
        Reason::InvalidName => "nom refusé par Windows ; renommez-le",
        Reason::NameTaken => "un autre fichier du dossier porte le même nom ; renommez-le",
        Reason::PathTooLong => "chemin trop long pour Excel ; raccourcissez un nom",
        Reason::NotAFile => "lien ou fichier spécial : jamais suivi",
        Reason::DiskFull => "plus de place sur ce disque",
        Reason::DiskNearlyFull => "presque plus de place sur ce disque : la réception attend",
        Reason::TooLarge => "plus de 64 Go : trop grand pour la GED",
        Reason::ServerFull => "plus de place sur le serveur",
        Reason::Refused => "refusé par le serveur",
        Reason::DiskError => "le disque a répondu par une erreur",
        Reason::MirrorAway => "le dossier miroir n'est pas là : rebranchez son disque",
        Reason::OtherMirror => {
            "ce dossier est le miroir d'une autre personne ou d'un autre profil : choisissez-en un autre"
        }
        Reason::OutsideClient => "hors d'un dossier client : déplacez-le dans le dossier d'un client",
        Reason::RemovalHeld => "supprimé avec beaucoup d'autres : en attente d'une décision",
        Reason::EditHeld => "contenu qui semble chiffré : en attente d'une décision",
        Reason::SightLost => "le serveur ne montre plus ces dossiers : les copies restent jusqu'à sa seconde réponse",
        Reason::Damaged => "octets abîmés ; ils seront redemandés",
    }
}
