//! Hashing, packs and stores of document contents.
