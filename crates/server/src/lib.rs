//! The firm's server: API, sign-in, contents, live events, administration.
