//! The words of a diagnosis, by language.

use super::{Finding, Kind, Value};

mod english;
mod evidence;
mod korean;

pub(super) use evidence::{is_named, told};

/// A language that findings can be read in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

/// The words for a kind of finding. `{name}` stands for the evidence of that name; a sentence with a name that there is no
/// evidence for is left out.
pub(super) struct Text {
    pub title: &'static str,
    pub says: &'static [&'static str],
    pub advice: &'static [&'static str],
}

pub(super) fn of(kind: Kind, language: Language) -> Text {
    match language {
        Language::English => english::text(kind),
        Language::Korean => korean::text(kind),
    }
}

/// The sentence with the finding's evidence, if there is all of it.
pub(super) fn filled(sentence: &str, finding: &Finding, language: Language) -> Option<String> {
    let mut parts = sentence.split('{');
    let mut text = parts.next()?.to_string();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        text.push_str(&evidence::said(finding.get(name)?, language));
        text.push_str(rest);
    }
    Some(text)
}

pub(super) fn id(kind: Kind) -> &'static str {
    match kind {
        Kind::NotFinite => "not_finite",
        Kind::ConstantColumns => "constant_columns",
        Kind::UnscaledInputs => "unscaled_inputs",
        Kind::LabelRange => "label_range",
        Kind::TargetsOutOfReach => "targets_out_of_reach",
        Kind::SquaredErrorOverSigmoid => "squared_error_over_sigmoid",
        Kind::CrossEntropyOverLogits => "cross_entropy_over_logits",
        Kind::SoftmaxOfOne => "softmax_of_one",
        Kind::Diverged => "diverged",
        Kind::Exploding => "exploding",
        Kind::LearningRateTooHigh => "learning_rate_too_high",
        Kind::StillDescending => "still_descending",
        Kind::StandingStill => "standing_still",
        Kind::Minimum => "minimum",
        Kind::Saddle => "saddle",
        Kind::Plateau => "plateau",
        Kind::WorseMinimum => "worse_minimum",
        Kind::AtKink => "at_kink",
        Kind::DeadUnits => "dead_units",
        Kind::IdleUnits => "idle_units",
        Kind::DuplicateUnits => "duplicate_units",
        Kind::Capacity => "capacity",
        Kind::OverFit => "over_fit",
        Kind::UnknownRest => "unknown_rest",
        Kind::UnknownOverFit => "unknown_over_fit",
        Kind::UnknownCurvature => "unknown_curvature",
        Kind::UnknownOthers => "unknown_others",
        Kind::UnknownRate => "unknown_rate",
        Kind::UnknownStructure => "unknown_structure",
        Kind::UnknownCapacity => "unknown_capacity",
        Kind::UnknownBatches => "unknown_batches",
    }
}
