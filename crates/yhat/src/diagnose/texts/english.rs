use super::{Kind, Text};

macro_rules! text {
    ($title:literal, $($says:literal),* ; $($advice:literal),*) => {
        Text { title: $title, says: &[$($says),*], advice: &[$($advice),*] }
    };
}

pub fn text(kind: Kind) -> Text {
    match kind {
        Kind::NotFinite => text!(
            "The data are not all numbers",
            "{where} has {count} values that are NaN or infinite, the first in row {row}, column {column}.";
            "Fill in or leave out those rows."
        ),
        Kind::ConstantColumns => text!(
            "Columns of the input that never change: {columns}",
            "All {rows} rows have the same value there, {value} in the first of them, so no answer can depend on it.",
            "The layer's bias can do all that it could do.";
            "Leave such columns out."
        ),
        Kind::UnscaledInputs => text!(
            "The inputs are not scaled",
            "The largest number of column {column} is {largest}.",
            "Its spread is {ratio} times that of column {smallest_column}.",
            "Weights and learning rates are made for inputs about as large as 1: the loss then curves very differently in different directions, and a rate that is safe in one is far too slow in another.";
            "Subtract each column's mean and divide by its standard deviation."
        ),
        Kind::LabelRange => text!(
            "Targets that mean nothing to the loss",
            "{message}.";
            "Bring the labels into the form that the loss is for, or take another loss."
        ),
        Kind::TargetsOutOfReach => text!(
            "The output can't reach all targets",
            "The last activation gives numbers from {lowest} to {highest}, and {count} of {targets} targets lie outside, the farthest is {farthest}.";
            "End with a layer without an activation, or scale the targets."
        ),
        Kind::SquaredErrorOverSigmoid => text!(
            "Squared error over a sigmoid",
            "All {targets} targets are 0 or 1, the output is a sigmoid, and the loss is the squared error.",
            "The sigmoid is nearly flat where its answer is near 0 or 1, and squared error hands that flatness on to the slope, however wrong the answer is.",
            "Here the slope has less than a tenth of what it could have at {flat} of {outputs} outputs, {wrong} of which are wrong.";
            "Use binary cross-entropy, whose slope does not vanish where the answer is wrong."
        ),
        Kind::CrossEntropyOverLogits => text!(
            "Cross-entropy of numbers that are no probabilities",
            "The loss takes the output for a probability, but the last layer is no {activation}: the output goes from {lowest} to {highest}, and {outside} of {outputs} numbers are no probabilities.";
            "Give the last layer activation \"{activation}\", or the loss from_logits(true)."
        ),
        Kind::SoftmaxOfOne => text!(
            "A softmax over one unit is always 1",
            "Layer '{layer}' divides its one number by itself, so the net answers 1 whatever its weights are.";
            "Use a sigmoid on one unit, or a softmax over one unit for each class."
        ),
        Kind::Diverged => text!(
            "Training has diverged",
            "{what} not finite any more; layer '{layer}' is the first such.",
            "From a fresh start (seed 0), {steps} steps bring layer '{replayed_layer}' there first.",
            "At that start the loss curves by {curvature}, which allows a learning rate below {allowed}; the rate is {rate}.";
            "Start again with a smaller learning rate.",
            "Below {allowed} is what the start allows.",
            "Look at the loss: it has no value at these weights (a logarithm of 0, a division by 0)."
        ),
        Kind::Exploding => text!(
            "The loss is exploding",
            "{steps} more steps take it from {loss} to {loss_after}.",
            "The weights of layer '{layer}' grow fastest.",
            "The loss curves by {curvature} here, which allows a learning rate below {allowed}; the rate is {rate}.";
            "Go back to where the loss was small, with a smaller learning rate.",
            "Below {allowed} steps would shrink here."
        ),
        Kind::LearningRateTooHigh => text!(
            "The learning rate is more than the curvature allows",
            "The loss curves by {curvature} in its steepest direction, so steps grow there from a learning rate of {allowed} on; the rate is {rate}.",
            "Each step turns what is left in that direction around and makes it {growth} times as large.";
            "A rate below {allowed}; half of that goes to the bottom fastest in that direction."
        ),
        Kind::StillDescending => text!(
            "Still descending",
            "{steps} more steps with the optimizer as it is take the loss from {loss} to {loss_after}.",
            "One step straight down the slope, as long as is best, takes it from {loss} to {loss_line}.",
            "The slope has length {gradient}.",
            "{better} of {fits} fits from other seeds got lower in {sweep_steps} steps, the best to {best}.";
            "Train on, unless it is over-fit.",
            "If that takes too long, a larger learning rate: the curvature here allows up to {allowed}."
        ),
        Kind::StandingStill => text!(
            "Standing still",
            "The slope has length {gradient} and no number above {steepest} ({steepest_sum} for a loss summed over the rows, not averaged), and {steps} more steps take the loss only from {loss} to {loss_after}.",
            "Whether this is a minimum or a saddle only the curvature could tell, which was not computed.",
            "Of {fits} fits from other seeds, {sweep_steps} steps each, the best reached {best}; {better} got lower than this one.",
            "The best is {excess} below this one.";
            "Diagnose it on fewer rows."
        ),
        Kind::Minimum => text!(
            "Converged to a minimum",
            "The slope has length {gradient} and no number above {steepest} ({steepest_sum} for a loss summed over the rows, not averaged), and {steps} more steps take the loss only from {loss} to {loss_after}.",
            "All {parameters} eigenvalues of the Hessian are from {lowest} to {highest}: nothing curves downwards (beyond {tolerance}, which is as near as the slope lets one see), {flat} directions are flat.",
            "By {products} steps of Lanczos's method the loss curves from {lowest} to {highest}: no downward curvature was found (beyond {tolerance}). That is no proof that there is none.",
            "The lowest eigenvalue of the Hessian is {slight}, downwards, but no step that way gains a ten-thousandth of the loss; the highest is {highest}.",
            "Of {fits} fits from other seeds, {sweep_steps} steps each, the best reached {best}; {better} got lower than this one.",
            "The best is {excess} below this one.";
            "More epochs will not help. If the loss is not good enough, look at the other findings, or change the net."
        ),
        Kind::Saddle => text!(
            "At a saddle: flat here, but there is a way down",
            "The slope has length {gradient} and no number above {steepest} ({steepest_sum} for a loss summed over the rows, not averaged), and {steps} more steps take the loss only from {loss} to {loss_after}.",
            "But the lowest eigenvalue of the Hessian is {lowest}: the loss curves downwards along {direction}, and {distance} that way it is {loss_along}.",
            "The highest is {highest}.",
            "It stands at a kink, where slope and curvature say nothing of what is beside it: {distance} along {off_kink} the loss is {loss_along}.";
            "Move the weights a little in any way (noise, small batches, another seed) and train on: the slope grows by itself once off the saddle.",
            "If weights that should differ are equal, start from random ones."
        ),
        Kind::Plateau => text!(
            "On a plateau: saturated units",
            "Layer '{layer}' is saturated at {share} % of its outputs over {rows} rows: its activation is flat there and lets next to nothing of the slope through.",
            "The slope has length {gradient}: to change every weight by its own size would change the loss, {loss}, by less than {relative} of itself.",
            "It is no minimum: a constant answer has {constant}.",
            "It is no minimum: the fit from seed {seed} reaches {best}.";
            "Start again with smaller weights or scaled inputs.",
            "With 0/1 labels use binary cross-entropy, whose slope goes past the sigmoid."
        ),
        Kind::WorseMinimum => text!(
            "A worse place than other seeds find",
            "The loss is {loss}. Of {fits} fits of the same net from seeds 0 to {last_seed}, {sweep_steps} steps each, {better} got lower: {better_share} %, so of all seeds {share_low} to {share_high} % (95 % confidence). The best, seed {seed}, reached {best}.";
            "Another seed: set_seed({seed}) before the net is built.",
            "Or more units: then some start well whatever the seed."
        ),
        Kind::AtKink => text!(
            "At a kink, where a zero slope is a convention",
            "{pairs} weighted sums of layer '{layer}' are exactly at the kink of its activation; unit {unit} on {rows} rows.",
            "There is no slope at a kink; the gradient takes one side's. To the left the loss really has slope {left} along that unit's bias, to the right {right}.";
            "Do not read zero gradients as a minimum here: move the weights a little and look again."
        ),
        Kind::DeadUnits => text!(
            "Dead units in layer '{layer}': {count} of {all}",
            "On all {rows} rows the activation of these units is flat: {units}.",
            "No slope comes back through them, so gradient descent can't wake them up.";
            "Another seed, a smaller learning rate, more units, or an activation that is flat nowhere (leaky_relu, elu)."
        ),
        Kind::IdleUnits => text!(
            "Idle units in layer '{layer}': {count} of {all}",
            "What these units put out makes no difference after it is multiplied by their weights in layer '{next}': {units}.";
            "They may learn yet if the loss still falls; else the net does as well without them."
        ),
        Kind::DuplicateUnits => text!(
            "Units in layer '{layer}' that do the same: {count} of {all} are copies",
            "On these {rows} rows they put out the same as another unit, or a multiple of it, to a millionth: {units}.",
            "Units that are equal in everything have equal slopes, so they stay equal.";
            "Start from random weights; if they were, fewer units would do."
        ),
        Kind::Capacity => text!(
            "Too simple for the data",
            "The fit has converged, yet what it leaves has structure: along input {input} neighbours' errors agree (correlation {correlation} with the next {neighbours}), which chance alone does in one case of {odds} (p = {p}).",
            "The fit has converged, yet what it leaves has structure: neighbours in all {inputs} inputs together err alike (correlation {correlation} with the nearest {neighbours}), which chance alone does in one case of {odds} (p = {p}).",
            "One more relu unit beside the net as it is (its answer scaled and shifted as a whole) would bring the loss from {loss} to {loss_with}: by {gain} %.";
            "More units, or another layer: an epoch more changes nothing."
        ),
        Kind::OverFit => text!(
            "Over-fit: learned by heart",
            "The loss is {train} on the rows that it was trained on and {held_out} on {held_out_rows} others (p = {p}).",
            "On those, predictions shrunk to {slope} of their spread would do best: what varies more is noise.",
            "The targets have no structure along the input that chance would not make (p = {p_structure}), yet the net bends to them and has {train} where a constant has {constant}.";
            "More data, fewer units, a penalty on the weights, or fewer epochs (EarlyStopping on held-out data)."
        ),
        Kind::UnknownRest => text!("Everything else", "{why}.";),
        Kind::UnknownOverFit => text!(
            "Whether it is over-fit",
            "That needs rows that it was not trained on.";
            "Diagnose::new().held_out(&x, &y)"
        ),
        Kind::UnknownCurvature => text!(
            "How the loss curves",
            "{parameters} weights on {rows} rows would take too long.";
            "Fewer rows."
        ),
        Kind::UnknownOthers => text!(
            "Whether other starts end lower",
            "Fits of {parameters} weights on {rows} rows would take too long.";
            "Diagnose::new().fits(n).steps(m)"
        ),
        Kind::UnknownRate => {
            text!("What learning rate the curvature allows", "There is no such bound for {optimizer}.";)
        }
        Kind::UnknownStructure => {
            text!("Whether the residuals have structure", "{rows} rows are too few to tell it from chance.";)
        }
        Kind::UnknownCapacity => text!(
            "Whether it is too simple for the data",
            "What it leaves is not final while the loss still falls.";
            "Train on, and ask again."
        ),
        Kind::UnknownBatches => text!(
            "What batches do",
            "The net was trained in batches. Where training went on for this diagnosis, and from other seeds, each step took all rows.";
        ),
    }
}
