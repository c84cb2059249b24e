//! The few words that the system shows outside of the page: tray, menu bar, notifications.
//!
//! Everything else the user reads is worded by the interface.

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// Opens the window.
    pub open: &'static str,
    /// Opens the mirrored folder.
    pub open_folder: &'static str,
    /// Pauses synchronisation.
    pub pause: &'static str,
    /// Resumes synchronisation.
    pub resume: &'static str,
    /// Quits.
    pub quit: &'static str,
    /// Everything is on both sides.
    pub up_to_date: &'static str,
    /// Something moves, not counted yet.
    pub syncing: &'static str,
    /// The mirrored folder is being read.
    pub scanning: &'static str,
    /// So many files move.
    pub moving: fn(u32) -> String,
    /// So many files wait, and go on by themselves.
    pub waiting: fn(u32) -> String,
    /// So many removals wait for a decision.
    pub held_removals: fn(u32) -> String,
    /// So many saves that look encrypted do.
    pub held_edits: fn(u32) -> String,
    /// So many things wait for a decision.
    pub to_check: fn(u32) -> String,
    /// The server does not answer.
    pub offline: &'static str,
    /// Paused by the user.
    pub paused: &'static str,
    /// Nobody is signed in.
    pub signed_out: &'static str,
    /// The session ended.
    pub sign_in_again: &'static str,
    /// This desktop is too old.
    pub update_needed: &'static str,
}

/// French.
pub static FRENCH: Words = Words {
    open: "Ouvrir Gédéon",
    open_folder: "Ouvrir le dossier des documents",
    pause: "Mettre la synchronisation en pause",
    resume: "Reprendre la synchronisation",
    quit: "Quitter Gédéon",
    up_to_date: "Tout est à jour",
    syncing: "Synchronisation en cours…",
    scanning: "Lecture du dossier…",
    moving: |files| {
        if files == 1 {
            "1 fichier en cours de transfert".to_owned()
        } else {
            format!("{files} fichiers en cours de transfert")
        }
    },
    waiting: |files| {
        if files == 1 { "1 fichier en attente".to_owned() } else { format!("{files} fichiers en attente") }
    },
    held_removals: |count| {
        if count == 1 { "1 suppression en attente".to_owned() } else { format!("{count} suppressions en attente") }
    },
    held_edits: |count| {
        if count == 1 {
            "1 modification suspecte en attente".to_owned()
        } else {
            format!("{count} modifications suspectes en attente")
        }
    },
    to_check: |items| {
        if items == 1 { "1 élément à vérifier".to_owned() } else { format!("{items} éléments à vérifier") }
    },
    offline: "Hors ligne : vos modifications partiront au retour du réseau",
    paused: "Synchronisation en pause",
    signed_out: "Personne n’est connecté",
    sign_in_again: "Reconnectez-vous pour synchroniser",
    update_needed: "Mise à jour de Gédéon nécessaire",
};

/// English.
pub static ENGLISH: Words = Words {
    open: "Open Gédéon",
    open_folder: "Open the documents folder",
    pause: "Pause synchronisation",
    resume: "Resume synchronisation",
    quit: "Quit Gédéon",
    up_to_date: "Everything is up to date",
    syncing: "Synchronising…",
    scanning: "Reading the folder…",
    moving: |files| {
        if files == 1 { "1 file being transferred".to_owned() } else { format!("{files} files being transferred") }
    },
    waiting: |files| if files == 1 { "1 file waiting".to_owned() } else { format!("{files} files waiting") },
    held_removals: |count| if count == 1 { "1 deletion held".to_owned() } else { format!("{count} deletions held") },
    held_edits: |count| {
        if count == 1 { "1 suspect change held".to_owned() } else { format!("{count} suspect changes held") }
    },
    to_check: |items| if items == 1 { "1 item to check".to_owned() } else { format!("{items} items to check") },
    offline: "Offline: your changes leave when the network is back",
    paused: "Synchronisation paused",
    signed_out: "Nobody is signed in",
    sign_in_again: "Sign in again to synchronise",
    update_needed: "Gédéon must be updated",
};

/// The profile is another window's, or the command line's. In French, as below: the language chosen is in the profile.
pub const ALREADY_OPEN: &str = "Gédéon est déjà ouvert sur ce poste, ou la commande « gedeon » y est en cours.";

/// The profile cannot be opened, for this reason.
pub fn cannot_start(reason: &str) -> String {
    format!("Gédéon ne peut pas démarrer : ses données ne s’ouvrent pas.\n\n{reason}")
}

/// The file of what the profile remembers makes no sense, for this reason.
pub fn damaged_profile(path: &std::path::Path, reason: &str) -> String {
    format!(
        "Gédéon ne peut pas démarrer : le fichier « {} » est abîmé ({reason}).\n\nRien n’est perdu. Remettez ce fichier d’une \
         sauvegarde ; sinon, renommez-le et rouvrez Gédéon : reconnectez-vous, puis choisissez de nouveau le dossier des \
         documents. Ce qui attend d’être envoyé est gardé.",
        path.display()
    )
}

/// The words of a language by its code; French where it is not known.
pub fn of(language: &str) -> &'static Words {
    if language == "en" { &ENGLISH } else { &FRENCH }
}
