//! Documents that show each trap.
