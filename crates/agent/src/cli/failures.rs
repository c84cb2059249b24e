//! A French sentence for each failure: what happened, and what to do.

use protocol::failure::{Failure, FailureCode};

use super::words::{counted, size};

/// What happened and what to do, for somebody at a terminal. The cause is the log's.
pub(super) fn sentence(failure: &Failure) -> String {
    let detail = |name: &str| failure.details.get(name).map(String::as_str).unwrap_or_default();
    let proposal = || match detail("proposal") {
        "" => "choisissez-en un autre".to_owned(),
        name => format!("prenez plutôt « {name} »"),
    };
    let said = match failure.code {
        FailureCode::BadRequest => return bad_request(detail("reason")).to_owned(),
        FailureCode::TooManyTries => return too_many_tries(detail("seconds")),
        FailureCode::LinkInvalid => return link_invalid(detail("reason")).to_owned(),
        FailureCode::Denied => return denied(detail("reason")).to_owned(),
        FailureCode::NotFound => return not_found(failure),
        FailureCode::InvalidName => {
            return format!("Ce nom ne peut pas être écrit sur tous les disques : {}.", proposal());
        }
        FailureCode::NameTaken => return format!("Ce nom est déjà pris à cet endroit : {}.", proposal()),
        FailureCode::TooLarge => return too_large(detail("limit"), detail("unit")),
        FailureCode::LocalFile => return local_file(detail("path"), detail("reason")),
        FailureCode::MirrorPlace => return mirror_place(failure),
        FailureCode::SignedOut => "Personne n'est connecté, ou la session a expiré : lancez « gedeon sign-in ».",
        FailureCode::WrongPassword => "E-mail ou mot de passe incorrect. Vérifiez-les et recommencez.",
        FailureCode::WeakPassword => {
            "Ce mot de passe est trop court ou trop courant. Choisissez au moins 12 caractères."
        }
        FailureCode::PathTooLong => {
            "Le chemin serait trop long pour qu'Excel ouvre le fichier. Raccourcissez le nom ou celui d'un dossier."
        }
        FailureCode::WouldCycle => "Un dossier ne peut pas être déplacé dans lui-même. Choisissez un autre endroit.",
        FailureCode::FixedFolder => {
            "Ce dossier fait partie de l'arborescence du cabinet : il ne se renomme pas et ne se déplace pas."
        }
        FailureCode::NoDocumentsHere => "Ce dossier ne reçoit pas de documents. Choisissez un de ses sous-dossiers.",
        FailureCode::ChangedSince => {
            "Quelqu'un a changé cet élément entre-temps : rien n'a été fait. Regardez son état, puis recommencez."
        }
        FailureCode::InvalidEmail => "Cette adresse e-mail n'est pas valable, ou elle est déjà utilisée. Vérifiez-la.",
        FailureCode::InvalidCompanyNumber => {
            "Ce SIREN n'est pas valable, ou un autre client le porte déjà. Vérifiez les neuf chiffres."
        }
        FailureCode::InvalidFiscalYear => {
            "Ces dates ne forment pas un exercice. Vérifiez le premier jour et la clôture."
        }
        FailureCode::FiscalYearGap => {
            "Il reste un intervalle entre cet exercice et son voisin. Confirmez-le dans la fenêtre si c'est voulu."
        }
        FailureCode::ContentMissing => {
            "Le fichier n'est pas encore arrivé au serveur. Il viendra quand le poste qui l'a ajouté l'aura envoyé."
        }
        FailureCode::ContentDamaged => {
            "Les octets lus ne sont pas ceux attendus. Rien n'a été remplacé ; le fichier sera relu depuis le serveur."
        }
        FailureCode::DiskFull => "Le disque est plein. Libérez de la place, puis recommencez.",
        FailureCode::Offline if !detail("server").is_empty() => {
            return format!(
                "Aucun serveur Gédéon ne répond à l'adresse « {} ». Vérifiez-la, et le réseau, puis recommencez.",
                detail("server")
            );
        }
        FailureCode::Offline => "Le serveur ne répond pas. Rien n'est perdu : ce qui attend partira dès son retour.",
        FailureCode::UpdateNeeded => "Cette version de Gédéon est trop ancienne pour ce serveur : mettez-la à jour.",
        FailureCode::Internal => {
            "Une erreur de Gédéon a empêché cette commande. Rien n'est perdu : recommencez. Si cela persiste, relancez-la \
             avec GEDEON_LOG=info et transmettez ce qui s'affiche à l'assistance."
        }
    };
    said.to_owned()
}

fn bad_request(reason: &str) -> &'static str {
    match reason {
        "in_use" => "Gédéon tourne déjà sur ce profil : fermez-le, ou choisissez un autre profil avec --profile.",
        "not_https" => "L'adresse du serveur doit commencer par https:// (http:// n'est accepté que sur ce poste).",
        "address" => "L'adresse du serveur n'en est pas une : écrivez-la comme https://ged.cabinet.fr.",
        _ => "La demande n'a pas été comprise. Rien n'a changé : vérifiez la commande, puis recommencez.",
    }
}

fn too_many_tries(seconds: &str) -> String {
    let wait = match seconds.parse() {
        Ok(seconds) if seconds > 0 => counted(seconds, "seconde"),
        _ => "quelques minutes".to_owned(),
    };
    format!("Trop d'essais. Attendez {wait} avant de recommencer.")
}

fn link_invalid(reason: &str) -> &'static str {
    match reason {
        "used" => "Ce lien a déjà servi. Connectez-vous avec le mot de passe choisi alors, ou demandez un autre lien.",
        "expired" => "Ce lien n'est plus valable. Demandez-en un autre à votre administrateur.",
        _ => "Ce lien ne peut pas servir. Demandez-en un autre à votre administrateur.",
    }
}

fn denied(reason: &str) -> &'static str {
    match reason {
        "other_client_file" => {
            "Un document ou un dossier reste dans son dossier client. Pour l'avoir chez un autre client, déposez-y une copie."
        }
        "oneself" => "Personne ne suspend son propre accès. Demandez-le à un autre administrateur.",
        "joined" => "Cette personne a déjà rejoint le cabinet : son adresse e-mail est celle de sa connexion.",
        "last_administrator" => {
            "C'est le dernier administrateur du cabinet : il doit en rester un. Nommez-en d'abord un autre."
        }
        "suspended" => "Cet accès est suspendu. Un administrateur peut le rétablir.",
        _ => "Vous n'avez pas le droit de faire cela. Un administrateur peut vous donner l'accès.",
    }
}

fn not_found(failure: &Failure) -> String {
    let detail = |name: &str| failure.details.get(name).map(String::as_str);
    match (detail("client"), detail("year"), detail("folder")) {
        (client, Some(year), _) => format!(
            "« {} » n'a pas d'exercice clos en {year} : la fenêtre montre les siens, dans « Exercices ».",
            client.unwrap_or_default()
        ),
        (Some(client), ..) => format!(
            "Aucun dossier client ne s'appelle « {client} ». « gedeon status » et la fenêtre montrent leurs noms ; la fenêtre en ajoute."
        ),
        (.., Some(folder)) => format!("Le dossier « {folder} » n'existe pas dans ce dossier client."),
        _ => "Cet élément n'existe plus, ou vous n'y avez plus accès.".to_owned(),
    }
}

fn too_large(limit: &str, unit: &str) -> String {
    match (limit.parse::<u64>(), unit) {
        (Ok(limit), "files") => {
            let limit = counted(u32::try_from(limit).unwrap_or(u32::MAX), "fichier");
            format!("Cela fait trop de fichiers à la fois : {limit} au plus.")
        }
        (Ok(limit), _) => format!("C'est trop volumineux : la limite est de {}.", size(limit)),
        _ => "C'est trop volumineux. Réduisez, puis recommencez.".to_owned(),
    }
}

fn local_file(path: &str, reason: &str) -> String {
    let file = if path.is_empty() { "Un fichier de ce poste".to_owned() } else { format!("« {path} »") };
    match reason {
        "not_found" => format!("{file} n'existe pas, ou plus : vérifiez son nom."),
        "not_a_folder" => format!("{file} n'est pas un dossier : donnez celui qui contient les fichiers."),
        "no_permission" => {
            format!("{file} ne peut pas être lu ou écrit : vous n'en avez pas le droit. Vérifiez ses droits.")
        }
        "damaged_profile" => format!(
            "{file} est abîmé : rien ne démarre, et rien n'est perdu. Remettez ce fichier d'une sauvegarde ; sinon, \
             renommez-le, reconnectez-vous et choisissez de nouveau le dossier miroir."
        ),
        "disk_error" => format!("{file} ne peut pas être lu ou écrit : le disque répond par une erreur. Vérifiez-le."),
        _ => format!("{file} ne peut pas être lu ou écrit. Vérifiez qu'il existe et qu'aucun programme ne le retient."),
    }
}

fn mirror_place(failure: &Failure) -> String {
    let detail = |name: &str| failure.details.get(name).map(String::as_str).unwrap_or_default();
    let (path, program, proposal) = (detail("path"), detail("program"), detail("proposal"));
    match detail("reason") {
        "other_mirror" | "in_use" => format!(
            "Le dossier « {path} » est le miroir d'une autre personne, ou d'un autre profil en marche : choisissez-en un autre."
        ),
        reason if !program.is_empty() => {
            let where_it_is =
                if reason.starts_with("in_") { "est dans un dossier de" } else { "contient un dossier de" };
            let remedy = if proposal.is_empty() {
                "choisissez-en un autre".to_owned()
            } else {
                format!("prenez plutôt « {proposal} »")
            };
            format!("Le dossier « {path} » {where_it_is} {program}, et deux programmes s'y gêneraient : {remedy}.")
        }
        "not_empty" => format!("Le dossier « {path} » contient déjà autre chose : choisissez un dossier vide."),
        _ if path.is_empty() => "Aucun dossier n'est tenu à jour : lancez « gedeon mirror --root DOSSIER ».".to_owned(),
        _ => format!("Le dossier « {path} » ne peut pas recevoir vos fichiers : choisissez-en un autre."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_french_and_leave_the_cause_to_the_log() {
        for (code, details, said) in [
            (FailureCode::Internal, &[][..], "Une erreur de Gédéon a empêché cette commande."),
            (FailureCode::LocalFile, &[("path", "/a"), ("reason", "not_a_folder")], "« /a » n'est pas un dossier"),
            (FailureCode::LocalFile, &[], "Un fichier de ce poste ne peut pas être lu ou écrit."),
            (FailureCode::TooManyTries, &[("seconds", "1")], "Trop d'essais. Attendez 1 seconde avant"),
            (FailureCode::TooLarge, &[("limit", "8589934592")], "C'est trop volumineux : la limite est de 8,6 Go."),
            (
                FailureCode::TooLarge,
                &[("limit", "50000"), ("unit", "files")],
                "Cela fait trop de fichiers à la fois : 50000",
            ),
            (FailureCode::Denied, &[("reason", "last_administrator")], "C'est le dernier administrateur"),
            (
                FailureCode::NotFound,
                &[("client", "Alter"), ("year", "1999")],
                "« Alter » n'a pas d'exercice clos en 1999",
            ),
            (FailureCode::BadRequest, &[], "La demande n'a pas été comprise."),
        ] {
            let failure = Failure::new(code, "for the log");
            let failure = details.iter().fold(failure, |failure, (name, value)| failure.with(name, value));
            let sentence = sentence(&failure);
            assert!(sentence.starts_with(said) && !sentence.contains("for the log"), "{code:?}: {sentence}");
        }
    }
}
