//! Speaks to the engine that runs on the profile, by its local door.

use std::path::Path;

use agent::host::door::{Door, FILE};
use protocol::failure::{Failure, FailureCode};

/// The way to a running engine.
pub(super) struct DoorClient {
    door: Door,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl DoorClient {
    pub(super) fn open(profile: &Path) -> Result<Self, Failure> {
        let no_door = |cause: String| Failure::new(FailureCode::BadRequest, cause).with("reason", "in_use");
        let bytes = std::fs::read(profile.join(FILE)).map_err(|error| no_door(error.to_string()))?;
        let door = serde_json::from_slice(&bytes).map_err(|error| no_door(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        Ok(Self { door, client: reqwest::Client::new(), runtime })
    }

    pub(super) fn call(&self, name: &str, payload: &serde_json::Value) -> Result<serde_json::Value, Failure> {
        let url = format!("http://127.0.0.1:{}/rpc/{name}", self.door.port);
        let answer = self.runtime.block_on(async {
            let response = self.client.post(url).bearer_auth(&self.door.token).json(payload).send().await?;
            let answered = response.status().is_success();
            Ok::<_, reqwest::Error>((answered, response.json::<serde_json::Value>().await?))
        });
        match answer {
            Ok((true, value)) => Ok(value),
            Ok((false, value)) => Err(serde_json::from_value(value)
                .unwrap_or_else(|error| Failure::new(FailureCode::Internal, error.to_string()))),
            Err(error) => Err(Failure::new(FailureCode::Internal, error.to_string())),
        }
    }
}
