//! What the pieces of evidence are called, and in what unit each is.

use super::{Language, Value};

/// A piece of evidence: its name for programs; what it is, in English and in Korean; its unit in both.
struct Name(&'static str, [&'static str; 2], [&'static str; 2]);

const NO_UNIT: [&str; 2] = ["", ""];
const ROWS: [&str; 2] = [" rows", "개 행"];
const STEPS: [&str; 2] = [" steps", "걸음"];
const UNITS: [&str; 2] = [" units", "개 노드"];
const PERCENT: [&str; 2] = [" %", " %"];

/// In alphabetical order.
const NAMES: &[Name] = &[
    Name("activation", ["activation that would fit", "알맞은 활성화 함수"], NO_UNIT),
    Name("all", ["units of the layer", "층의 노드"], UNITS),
    Name("allowed", ["learning rate that the curvature allows, below", "곡률이 허용하는 학습률(미만)"], NO_UNIT),
    Name("best", ["lowest loss of the fits from other seeds", "다른 시드의 학습 중 가장 낮은 손실"], NO_UNIT),
    Name("better", ["of them, lower than here", "그중 이보다 낮은 것"], [" fits", "번"]),
    Name("better_share", ["of them, lower than here", "그중 이보다 낮은 것의 비율"], PERCENT),
    Name("column", ["column, counted from 0", "열(0부터)"], NO_UNIT),
    Name("columns", ["columns, counted from 0", "열(0부터)"], NO_UNIT),
    Name("constant", ["loss of the best constant answer", "가장 좋은 상수의 손실"], NO_UNIT),
    Name("correlation", ["correlation of neighbours' residuals", "이웃한 잔차의 상관"], NO_UNIT),
    Name("count", ["how many", "개수"], NO_UNIT),
    Name("curvature", ["highest curvature of the loss", "손실의 가장 큰 곡률"], NO_UNIT),
    Name("direction", ["direction, by its largest weights", "방향(가장 큰 가중치들)"], NO_UNIT),
    Name("distance", ["distance moved in that direction", "그 방향으로 간 거리"], NO_UNIT),
    Name("excess", ["loss above the best of those fits", "가장 좋은 학습보다 높은 손실"], NO_UNIT),
    Name("farthest", ["target farthest out", "가장 멀리 벗어난 목표값"], NO_UNIT),
    Name("fits", ["fits from other seeds", "다른 시드의 학습"], [" fits", "번"]),
    Name("flat", ["directions or outputs where it is flat", "평평한 방향 또는 출력"], NO_UNIT),
    Name("gain", ["loss that one more unit would take off", "노드 하나를 더하면 줄어드는 손실"], PERCENT),
    Name("gradient", ["length of the slope", "기울기의 길이"], NO_UNIT),
    Name("growth", ["growth at each step, in that direction", "한 걸음마다 그 방향으로 커지는 비율"], [" times", "배"]),
    Name("held_out", ["loss on rows that were held out", "따로 둔 행의 손실"], NO_UNIT),
    Name("held_out_rows", ["held out", "따로 둔 데이터"], ROWS),
    Name("highest", ["highest eigenvalue, or number", "가장 큰 고윳값 또는 값"], NO_UNIT),
    Name("input", ["input along which it looked, counted from 0", "살펴본 입력(0부터)"], NO_UNIT),
    Name("inputs", ["inputs in which it looked for neighbours", "이웃을 찾은 입력"], [" inputs", "개"]),
    Name("largest", ["largest number of the column", "열의 가장 큰 값"], NO_UNIT),
    Name("last_seed", ["last of the seeds, from 0", "마지막 시드(0부터)"], NO_UNIT),
    Name("layer", ["layer", "층"], NO_UNIT),
    Name("left", ["slope to the left of the kink", "꺾인 점의 왼쪽 기울기"], NO_UNIT),
    Name("loss", ["loss", "손실"], NO_UNIT),
    Name("loss_after", ["loss after training on", "더 학습한 뒤의 손실"], NO_UNIT),
    Name("loss_along", ["loss there", "그곳의 손실"], NO_UNIT),
    Name("loss_line", ["lowest loss straight down the slope", "기울기를 따라 가장 낮은 손실"], NO_UNIT),
    Name("loss_with", ["loss with one more unit", "노드 하나를 더한 손실"], NO_UNIT),
    Name("lowest", ["lowest eigenvalue, or number", "가장 작은 고윳값 또는 값"], NO_UNIT),
    Name("message", ["what is wrong", "잘못된 점"], NO_UNIT),
    Name("neighbours", ["neighbours of each row", "행마다 본 이웃"], ROWS),
    Name("next", ["layer that takes them in", "이어지는 층"], NO_UNIT),
    Name("odds", ["by chance in one case of", "우연이라면 몇 번에 한 번"], NO_UNIT),
    Name(
        "off_kink",
        ["direction off the kink, by its largest weights", "꺾인 점에서 벗어나는 방향(가장 큰 가중치들)"],
        NO_UNIT,
    ),
    Name("optimizer", ["optimizer", "옵티마이저"], NO_UNIT),
    Name("outputs", ["outputs of the net", "신경망의 출력"], [" numbers", "개"]),
    Name("outside", ["outputs that are no probabilities", "확률이 아닌 출력"], [" numbers", "개"]),
    Name("p", ["probability that chance alone does this", "우연만으로 이렇게 될 확률"], NO_UNIT),
    Name("p_structure", ["probability of such structure in noise", "잡음에서 이런 구조가 나올 확률"], NO_UNIT),
    Name("pairs", ["weighted sums at the kink", "꺾인 점에 있는 가중합"], [" numbers", "개"]),
    Name("parameters", ["weights", "가중치"], [" numbers", "개"]),
    Name("products", ["products with the Hessian (Lanczos)", "헤세 행렬의 곱(란초스 방법)"], [" products", "번"]),
    Name("rate", ["learning rate", "학습률"], NO_UNIT),
    Name("ratio", ["spread, compared with the narrowest column", "가장 좁은 열과 견준 퍼짐"], [" times", "배"]),
    Name(
        "relative",
        ["loss changed by as large a step as the weights, at most", "가중치만 한 걸음으로 바뀌는 손실의 비율(최대)"],
        [" of it", ""],
    ),
    Name("replayed_layer", ["layer that grows first, from a fresh start", "새 시작점에서 먼저 커지는 층"], NO_UNIT),
    Name("right", ["slope to the right of the kink", "꺾인 점의 오른쪽 기울기"], NO_UNIT),
    Name("row", ["row, counted from 0", "행(0부터)"], NO_UNIT),
    Name("rows", ["looked at", "살펴본 데이터"], ROWS),
    Name("seed", ["seed of the best", "가장 좋은 시드"], NO_UNIT),
    Name("share", ["outputs that are saturated", "포화된 출력"], PERCENT),
    Name(
        "share_high",
        ["that share over all seeds, 95 % sure, at most", "모든 시드에서의 비율(95 % 신뢰구간 위쪽)"],
        PERCENT,
    ),
    Name(
        "share_low",
        ["that share over all seeds, 95 % sure, at least", "모든 시드에서의 비율(95 % 신뢰구간 아래쪽)"],
        PERCENT,
    ),
    Name("slight", ["lowest eigenvalue, slightly downwards", "살짝 아래로 굽은 가장 작은 고윳값"], NO_UNIT),
    Name("slope", ["spread of the predictions that would do best", "가장 좋은 예측의 퍼짐"], [" of theirs", "배"]),
    Name("smallest_column", ["narrowest column, counted from 0", "가장 좁은 열(0부터)"], NO_UNIT),
    Name("steepest", ["steepest slope along one weight", "한 가중치를 따라 가장 가파른 기울기"], NO_UNIT),
    Name("steepest_sum", ["the same for a loss summed over the rows", "손실을 행마다 더할 때의 같은 값"], NO_UNIT),
    Name("steps", ["trained on for the test", "시험 삼아 더 학습한 걸음"], STEPS),
    Name("sweep_steps", ["length of each of those fits", "그 학습의 길이"], STEPS),
    Name("targets", ["targets", "목표값"], [" numbers", "개"]),
    Name("tolerance", ["curvature that can't be told from 0, up to", "0과 구별할 수 없는 곡률"], NO_UNIT),
    Name("train", ["loss on the rows that it was trained on", "학습한 행의 손실"], NO_UNIT),
    Name("unit", ["unit, counted from 0", "노드(0부터)"], NO_UNIT),
    Name("units", ["units, counted from 0", "노드(0부터)"], NO_UNIT),
    Name("value", ["their value", "그 값"], NO_UNIT),
    Name("what", ["what is not finite", "유한하지 않은 것"], NO_UNIT),
    Name("where", ["in", "위치"], NO_UNIT),
    Name("why", ["why", "이유"], NO_UNIT),
    Name("wrong", ["of the flat outputs, wrong", "평평한 출력 중 틀린 것"], [" numbers", "개"]),
];

/// Texts that are evidence, in Korean.
const PHRASES: &[(&str, &str)] = &[
    ("Weights are", "가중치"),
    ("The loss is", "손실"),
    ("more than can be written", "적을 수 없을 만큼 많음"),
    ("with such data nothing can be computed", "이런 데이터로는 아무것도 계산할 수 없습니다"),
    ("with such weights nothing can be computed", "이런 가중치로는 아무것도 계산할 수 없습니다"),
    ("with such a loss nothing can be computed", "이런 손실로는 아무것도 계산할 수 없습니다"),
    ("with such targets the loss means nothing", "이런 목표값으로는 손실에 뜻이 없습니다"),
];

fn of(name: &str) -> Option<&'static Name> {
    NAMES.binary_search_by(|known| known.0.cmp(name)).ok().map(|at| &NAMES[at])
}

pub fn is_named(name: &str) -> bool {
    of(name).is_some()
}

/// What a piece of evidence is, and its value with its unit.
pub fn told(name: &str, value: &Value, language: Language) -> (String, String) {
    let said = said(value, language);
    match of(name) {
        Some(Name(_, words, units)) => (words[language as usize].to_string(), said + units[language as usize]),
        None => (name.to_string(), said),
    }
}

/// A value in a language.
pub fn said(value: &Value, language: Language) -> String {
    let text = value.to_string();
    let phrase = PHRASES.iter().find(|(english, _)| language == Language::Korean && *english == text);
    phrase.map_or(text, |(_, korean)| korean.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_have_words_in_both_languages() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for Name(name, words, units) in NAMES {
            assert!(words.iter().all(|w| !w.is_empty() && !w.contains('_')), "{name}");
            assert!(units[1].is_empty() || !units[0].is_empty(), "{name}");
        }
    }
}
