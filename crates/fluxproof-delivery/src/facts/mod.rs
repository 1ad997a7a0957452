//! What is known of the world outside a repository: tables with a source and a date, and nothing else.

mod charts;
pub mod eso;
pub mod fields;
pub mod flux;
pub(crate) mod git;
pub(crate) mod kstatus;
pub mod kubernetes;
mod lookup;
mod near;
mod origin;
mod table;

pub use charts::{ChartFacts, ChartWebhook, Confidence, Facts};
pub use near::distance;
pub(crate) use origin::normal as normal_url;

#[cfg(test)]
pub(crate) mod tests {
    pub(crate) use super::lookup::tests::yaml;
}
