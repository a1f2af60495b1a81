//! What requests cost, counted in records that are read: it does not depend on how many there are.
