//! The window opens, and the page reaches the engine through the three commands and nothing else.

use serde_json::json;

use super::driver::Workstation;

#[tokio::test]
async fn window_opens_on_the_page() {
    let workstation = Workstation::open().await;
    workstation.find("#root > *").await;
    let title = workstation.client().title().await.unwrap();
    assert_eq!(title, "Connexion à votre cabinet · Gédéon", "a new workstation begins with the sign-in");
    workstation.close().await;
}

#[tokio::test]
async fn page_reaches_its_commands_only() {
    let workstation = Workstation::open().await;
    workstation.find("#root > *").await;
    let settings = workstation.rpc("get_settings", json!({})).await.unwrap();
    assert_eq!(settings["email"], json!(null), "nobody is signed in on a new profile");
    let failure = workstation.rpc("list_client_files", json!({})).await.unwrap_err();
    assert_eq!(failure["code"], "signed_out", "a refusal comes as a failure that the page can word");
    let refused = workstation
        .run(
            "return Promise.all(['plugin:opener|open_path', 'plugin:dialog|open', 'plugin:window|close', 'plugin:app|version'].map(\
                name => window.__TAURI_INTERNALS__.invoke(name, {}).then(() => name, () => 'refused')));",
            vec![],
        )
        .await;
    assert_eq!(
        refused,
        json!(["refused", "refused", "refused", "refused"]),
        "plugins are for the program, not the page"
    );
    workstation.close().await;
}

#[tokio::test]
async fn contents_are_asked_for_by_id() {
    let workstation = Workstation::open().await;
    workstation.find("#root > *").await;
    let statuses = workstation
        .run(
            "return Promise.all(['gedeon://localhost/etc/passwd', 'gedeon://localhost/../../etc/passwd', \
                'gedeon://localhost/01890a5d-ac96-774b-bcce-b302099a8057/01890a5d-ac96-774b-bcce-b302099a8058'].map(\
                url => fetch(url).then(async response => [response.status, (await response.json()).code])));",
            vec![],
        )
        .await;
    assert_eq!(
        statuses,
        json!([[400, "bad_request"], [400, "bad_request"], [403, "signed_out"]]),
        "a path is not an id, and an id needs somebody who may read it"
    );
    workstation.close().await;
}
