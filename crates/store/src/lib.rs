//! The one place with SQL: schema, execution of commands, queries, feed and replica.
