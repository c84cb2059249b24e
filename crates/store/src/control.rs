//! Credentials and routing: who may sign in to which firm.
