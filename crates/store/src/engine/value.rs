//! Values and rows, the same for both engines, and how typed fields become values.

use domain::access::{InvalidScope, Scope};
use domain::content::ContentHash;
use domain::id::{
    ClientFileId, CommandId, CommentId, FirmId, FiscalYearId, NodeId, PersonId, VersionId, WorkstationId,
};
use domain::person::Role;
use domain::time::Instant;
use domain::tree::Theme;

use crate::error::{Error, Result};

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Whole number: counts, instants, booleans as 0 and 1.
    Int(i64),
    /// Text: names, ids, hashes, JSON.
    Text(String),
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The typed value of column `index`.
    pub(crate) fn get<T: Column>(&self, index: usize) -> Result<T> {
        self.0
            .get(index)
            .and_then(T::from_value)
            .ok_or_else(|| Error::Value(format!("column {index}: {:?}", self.0.get(index))))
    }
}

impl Value {
    /// The JSON form used by the feed and by before-images.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Int(int) => (*int).into(),
            Self::Text(text) => text.clone().into(),
        }
    }

    /// Reads the JSON form; a kind the store does not use becomes text, so that nothing of a later version is lost.
    pub(crate) fn from_json(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Int(truth.into()),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| Self::Text(number.to_string()), Self::Int)
            }
            serde_json::Value::String(text) => Self::Text(text),
            other => Self::Text(other.to_string()),
        }
    }
}

/// A type that a column can hold.
pub(crate) trait Column: Sized {
    /// To its stored form.
    fn to_value(&self) -> Value;
    /// From its stored form.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Column for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }
}

impl Column for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Column for bool {
    fn to_value(&self) -> Value {
        Value::Int((*self).into())
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|int| int != 0)
    }
}

impl Column for u64 {
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|int| Self::try_from(int).ok())
    }
}

impl Column for u32 {
    fn to_value(&self) -> Value {
        Value::Int((*self).into())
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|int| Self::try_from(int).ok())
    }
}

impl<T: Column> Column for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Column::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl Column for Instant {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl Column for Role {
    fn to_value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(|text| Self::from_stored(&text))
    }
}

impl Column for Theme {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(Self)
    }
}

impl Column for Scope {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| text.parse().map_err(|_: InvalidScope| ()).ok())
    }
}

macro_rules! text_columns {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn to_value(&self) -> Value {
                Value::Text(self.to_string())
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(text) => text.parse().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

text_columns!(
    ClientFileId,
    CommandId,
    CommentId,
    FirmId,
    FiscalYearId,
    NodeId,
    PersonId,
    VersionId,
    WorkstationId,
    ContentHash
);
