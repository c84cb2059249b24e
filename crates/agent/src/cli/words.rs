//! The command line's French sentences.

use agent::host::Rest;
use protocol::local::{HeldKind, ImportView};
use protocol::view::{Connection, Load, Reason, SyncItem, SyncItems, SyncMark, SyncStatus};

/// How synchronisation stands.
pub(super) fn status(status: &SyncStatus, items: &SyncItems) -> Vec<String> {
    let mut lines = vec![headline(status)];
    let changes = (status.pending_commands > 0).then(|| counted(status.pending_commands, "modification"));
    let files = (status.sending.files > 0).then(|| load(status.sending));
    let to_send: Vec<String> = changes.into_iter().chain(files).collect();
    if !to_send.is_empty() {
        lines.push(format!("À envoyer : {}", to_send.join(", ")));
    }
    if status.receiving.files > 0 {
        lines.push(format!("À recevoir : {}", load(status.receiving)));
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

/// What of the server keeps a run from its end.
pub(super) fn server(rest: Rest) -> Vec<String> {
    let given = (rest.unavailable > 0).then(|| {
        let files = counted(rest.unavailable, "fichier");
        format!("{files} que le serveur ne donne pas pour l'instant : si cela dure, prévenez votre administrateur")
    });
    let taken = "Le serveur répond et ne prend plus rien, peut-être faute de place : prévenez votre administrateur";
    given.into_iter().chain(rest.is_refused.then(|| taken.to_owned())).collect()
}

fn headline(status: &SyncStatus) -> String {
    match status.connection {
        Connection::SignedOut => "Personne n'est connecté".to_owned(),
        Connection::SessionExpired => "La session a expiré : reconnectez-vous, rien n'est perdu".to_owned(),
        Connection::UpdateNeeded => "Mise à jour nécessaire".to_owned(),
        Connection::Paused => "En pause : « gedeon resume » reprend".to_owned(),
        Connection::Offline => "Hors ligne".to_owned(),
        Connection::Online if status.up_to_date => "À jour".to_owned(),
        Connection::Online if status.held_removals + status.held_edits > 0 => "Une décision est attendue".to_owned(),
        Connection::Online if status.blocked + status.to_check > 0 => {
            format!("{} à vérifier", status.blocked + status.to_check)
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

/// Files with their size.
fn load(load: Load) -> String {
    format!("{} ({})", counted(load.files, "fichier"), size(load.bytes))
}

/// A size as people read it: three digits at most, units of a thousand.
pub(super) fn size(bytes: u64) -> String {
    if bytes < 1_000 {
        return counted(u32::try_from(bytes).unwrap_or(u32::MAX), "octet");
    }
    let mut unit = 1_000;
    let mut names = ["Ko", "Mo", "Go"].into_iter();
    let mut name = names.next().unwrap_or_default();
    // What would be rounded to a thousand is one of the next unit.
    while bytes >= unit * 1_000 - unit / 2
        && let Some(next) = names.next()
    {
        (unit, name) = (unit * 1_000, next);
    }
    let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
    match (tenths / 10, tenths % 10) {
        (whole, 0) if whole < 10 => format!("{whole} {name}"),
        (whole, tenth) if whole < 10 => format!("{whole},{tenth} {name}"),
        _ => format!("{} {name}", (u128::from(bytes) + u128::from(unit) / 2) / u128::from(unit)),
    }
}

/// A count with its words in the singular or the plural.
pub(super) fn counted(count: u32, words: &str) -> String {
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
    let mut lines = vec![format!("{} sur {}", counted(view.done, "fichier versé"), view.found)];
    lines.extend(view.elsewhere.iter().map(|place| {
        format!("Classés dans « {} » : vous n'avez pas accès à « À classer (cabinet) »", place.path.join(" / "))
    }));
    lines.extend(view.renamed.iter().map(|renamed| format!("{} : nommé « {} »", renamed.path, renamed.name)));
    lines.extend(view.problems.iter().map(|problem| format!("{} : {}", problem.path, reason(problem.reason))));
    lines
}

/// What was filed and has not all left this workstation.
pub(super) fn still_here(status: &SyncStatus) -> Option<&'static str> {
    match status.connection {
        _ if status.up_to_date => None,
        Connection::Offline => {
            Some("Rien n'est encore parti : le serveur ne répond pas. L'envoi se fera seul dès son retour.")
        }
        Connection::Paused => {
            Some("Rien n'est encore parti : la synchronisation est en pause. « gedeon resume » reprend.")
        }
        _ => Some("L'envoi au serveur continue : « gedeon status » dit où il en est."),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_those_that_people_read() {
        for (bytes, said) in [
            (0, "0 octet"),
            (1, "1 octet"),
            (999, "999 octets"),
            (1_000, "1 Ko"),
            (1_450, "1,5 Ko"),
            (9_960, "10 Ko"),
            (123_456, "123 Ko"),
            (999_499, "999 Ko"),
            (999_600, "1 Mo"),
            (8_589_934_592, "8,6 Go"),
            (5_000_000_000_000, "5000 Go"),
        ] {
            assert_eq!(size(bytes), said);
        }
        assert_eq!(load(Load { files: 1, bytes: 2_000_000 }), "1 fichier (2 Mo)");
        assert_eq!(counted(2, "fichier versé"), "2 fichiers versés");
    }
}
