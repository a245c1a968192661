use super::{Kind, Text};

macro_rules! text {
    ($title:literal, $($says:literal),* ; $($advice:literal),*) => {
        Text { title: $title, says: &[$($says),*], advice: &[$($advice),*] }
    };
}

pub fn text(kind: Kind) -> Text {
    match kind {
        Kind::NotFinite => text!(
            "데이터에 숫자가 아닌 값이 있습니다",
            "{where}에 NaN 또는 무한대가 {count}개 있습니다. 첫 번째는 {row}행 {column}열입니다.";
            "그 행을 채우거나 빼십시오."
        ),
        Kind::ConstantColumns => text!(
            "변하지 않는 입력 열: {columns}",
            "{rows}개 행의 값이 모두 같으므로(첫 열의 값은 {value}) 어떤 답도 이 열에 따라 달라질 수 없습니다.",
            "층의 편향이 같은 일을 할 수 있습니다.";
            "이런 열은 빼십시오."
        ),
        Kind::UnscaledInputs => text!(
            "입력의 크기가 조정되지 않았습니다",
            "{column}열의 가장 큰 값은 {largest}입니다.",
            "이 열의 퍼짐은 {smallest_column}열의 {ratio}배입니다.",
            "가중치와 학습률은 크기가 1 정도인 입력에 맞추어져 있습니다.";
            "각 열에서 평균을 빼고 표준편차로 나누십시오."
        ),
        Kind::LabelRange => text!(
            "손실 함수에 맞지 않는 목표값이 있습니다",
            "{message}.";
            "레이블을 손실 함수에 맞게 바꾸거나 다른 손실 함수를 쓰십시오."
        ),
        Kind::TargetsOutOfReach => text!(
            "출력이 닿을 수 없는 목표값이 있습니다",
            "마지막 활성화 함수의 값은 {lowest}에서 {highest}까지인데, 목표값 {targets}개 중 {count}개가 그 밖에 있습니다. 가장 먼 것은 {farthest}입니다.";
            "마지막 층에서 활성화 함수를 빼거나 목표값의 크기를 조정하십시오."
        ),
        Kind::SquaredErrorOverSigmoid => text!(
            "시그모이드 출력에 제곱오차를 썼습니다",
            "목표값 {targets}개가 모두 0 또는 1이고, 출력은 시그모이드이며, 손실은 제곱오차입니다.",
            "시그모이드는 답이 0이나 1에 가까운 곳에서 평평하고, 제곱오차는 답이 틀려도 그 평평함을 기울기에 그대로 넘깁니다.",
            "출력 {outputs}개 중 {flat}개에서 기울기가 최대의 10분의 1보다 작고, 그중 {wrong}개는 틀린 답입니다.";
            "이진 교차 엔트로피(BCE)를 쓰십시오."
        ),
        Kind::CrossEntropyOverLogits => text!(
            "확률이 아닌 값에 교차 엔트로피를 썼습니다",
            "손실 함수는 출력을 확률로 여기지만 마지막 층은 {activation}가 아닙니다. 출력은 {lowest}에서 {highest}까지이고, {outputs}개 중 {outside}개는 확률이 아닙니다.";
            "마지막 층의 활성화 함수를 \"{activation}\"로 하거나 손실 함수에 from_logits(true)를 쓰십시오."
        ),
        Kind::SoftmaxOfOne => text!(
            "노드 하나의 소프트맥스는 언제나 1입니다",
            "층 '{layer}'은 하나뿐인 값을 자기 자신으로 나누므로 가중치가 무엇이든 답은 1입니다.";
            "노드가 하나면 sigmoid를, 아니면 클래스마다 노드 하나와 softmax를 쓰십시오."
        ),
        Kind::Diverged => text!(
            "학습이 발산했습니다",
            "{what}에 유한하지 않은 값이 있습니다. 처음 나타나는 층은 '{layer}'입니다.",
            "새로운 시작점(시드 0)에서는 {steps}걸음 만에 층 '{replayed_layer}'이 먼저 그렇게 됩니다.",
            "그 시작점에서 손실의 곡률은 {curvature}이므로 학습률은 {allowed}보다 작아야 합니다. 지금은 {rate}입니다.";
            "더 작은 학습률로 처음부터 다시 학습하십시오."
        ),
        Kind::Exploding => text!(
            "손실이 폭발하고 있습니다",
            "{steps}걸음 더 가면 손실이 {loss}에서 {loss_after}로 커집니다.",
            "층 '{layer}'의 가중치가 가장 빨리 커집니다.",
            "여기서 곡률은 {curvature}이므로 학습률은 {allowed}보다 작아야 합니다. 지금은 {rate}입니다.";
            "손실이 작았던 곳으로 돌아가 더 작은 학습률을 쓰십시오."
        ),
        Kind::LearningRateTooHigh => text!(
            "학습률이 곡률이 허용하는 것보다 큽니다",
            "가장 가파르게 굽은 방향의 곡률은 {curvature}이므로 학습률이 {allowed} 이상이면 걸음이 점점 커집니다. 지금은 {rate}입니다.",
            "한 걸음마다 그 방향의 오차는 부호가 바뀌고 {growth}배가 됩니다.";
            "{allowed}보다 작은 학습률을 쓰십시오."
        ),
        Kind::StillDescending => text!(
            "아직 내려가는 중입니다",
            "지금의 옵티마이저로 {steps}걸음 더 가면 손실이 {loss}에서 {loss_after}로 바뀝니다.",
            "기울기를 따라 가장 알맞은 길이로 한 걸음 가면 {loss}에서 {loss_line}로 줄어듭니다.",
            "기울기의 길이는 {gradient}입니다.",
            "다른 시드에서 시작한 {fits}번의 학습 중 {better}번이 {sweep_steps}걸음 만에 더 낮아졌고, 가장 좋은 것은 {best}입니다.";
            "과적합이 아니라면 더 학습하십시오.",
            "너무 오래 걸리면 학습률을 키우십시오. 이곳의 곡률은 {allowed}까지 허용합니다."
        ),
        Kind::StandingStill => text!(
            "멈추어 있습니다",
            "기울기의 길이는 {gradient}, 가장 큰 성분은 {steepest}이고(손실을 행마다 평균하지 않고 더하면 {steepest_sum}), {steps}걸음 더 가도 손실은 {loss}에서 {loss_after}로 바뀔 뿐입니다.",
            "극소점인지 안장점인지는 곡률을 보아야 알 수 있는데, 곡률은 계산하지 않았습니다.",
            "다른 시드에서 시작한 {fits}번의 학습(각 {sweep_steps}걸음) 중 가장 좋은 것은 {best}이고, {better}번이 이보다 낮았습니다.",
            "이곳은 그보다 {excess} 높습니다.";
            "더 적은 행으로 진단해 보십시오."
        ),
        Kind::Minimum => text!(
            "극소점에 수렴했습니다",
            "기울기의 길이는 {gradient}, 가장 큰 성분은 {steepest}이고(손실을 행마다 평균하지 않고 더하면 {steepest_sum}), {steps}걸음 더 가도 손실은 {loss}에서 {loss_after}로 바뀔 뿐입니다.",
            "헤세 행렬의 고윳값 {parameters}개는 모두 {lowest}에서 {highest} 사이입니다. 아래로 굽은 방향은 없고({tolerance} 이내), {flat}개 방향은 평평합니다.",
            "란초스 방법 {products}걸음으로 본 곡률은 {lowest}에서 {highest}까지입니다. 아래로 굽은 방향은 찾지 못했습니다({tolerance} 이내). 없다는 증명은 아닙니다.",
            "헤세 행렬의 가장 작은 고윳값은 {slight}로 아래로 굽어 있지만, 그쪽으로 가도 손실은 만분의 일도 줄지 않습니다. 가장 큰 고윳값은 {highest}입니다.",
            "다른 시드에서 시작한 {fits}번의 학습(각 {sweep_steps}걸음) 중 가장 좋은 것은 {best}이고, {better}번이 이보다 낮았습니다.",
            "이곳은 그보다 {excess} 높습니다.";
            "에폭을 늘려도 소용없습니다. 손실이 충분히 작지 않으면 다른 진단을 보거나 신경망을 바꾸십시오."
        ),
        Kind::Saddle => text!(
            "안장점: 평평하지만 내려가는 길이 있습니다",
            "기울기의 길이는 {gradient}, 가장 큰 성분은 {steepest}이고(손실을 행마다 평균하지 않고 더하면 {steepest_sum}), {steps}걸음 더 가도 손실은 {loss}에서 {loss_after}로 바뀔 뿐입니다.",
            "그러나 헤세 행렬의 가장 작은 고윳값은 {lowest}입니다. {direction} 방향으로 아래로 굽어 있고, 그쪽으로 {distance}만큼 가면 손실은 {loss_along}입니다.",
            "가장 큰 고윳값은 {highest}입니다.",
            "꺾인 점에서는 기울기와 곡률이 그 옆을 말해 주지 않습니다. {off_kink} 방향으로 {distance}만큼 가면 손실은 {loss_along}입니다.";
            "가중치를 조금 움직이고(잡음, 작은 배치, 다른 시드) 더 학습하십시오."
        ),
        Kind::Plateau => text!(
            "고원: 노드가 포화되었습니다",
            "층 '{layer}'은 {rows}개 행에서 출력의 {share} %가 포화되었습니다. 그곳에서 활성화 함수는 평평하여 기울기를 거의 전하지 않습니다.",
            "기울기의 길이는 {gradient}입니다. 모든 가중치를 그 크기만큼 바꾸어도 손실 {loss}은 그 {relative}배도 바뀌지 않습니다.",
            "극소점은 아닙니다. 상수 하나의 손실이 {constant}입니다.",
            "극소점은 아닙니다. 시드 {seed}의 학습은 손실이 {best}입니다.";
            "더 작은 가중치나 크기를 조정한 입력으로 다시 시작하십시오.",
            "레이블이 0과 1이면 이진 교차 엔트로피(BCE)를 쓰십시오."
        ),
        Kind::WorseMinimum => text!(
            "다른 시드보다 나쁜 곳입니다",
            "손실은 {loss}입니다. 같은 신경망을 시드 0부터 {last_seed}까지 {fits}번, 각 {sweep_steps}걸음 학습하니 {better}번이 더 낮았습니다. {better_share} %이므로 모든 시드에서는 {share_low}~{share_high} %입니다(95 % 신뢰구간). 가장 좋은 시드 {seed}의 손실은 {best}입니다.";
            "다른 시드를 쓰십시오: 신경망을 만들기 전에 set_seed({seed}).",
            "또는 노드를 늘리십시오."
        ),
        Kind::AtKink => text!(
            "꺾인 점: 기울기가 0인 것은 약속일 뿐입니다",
            "층 '{layer}'의 가중합 {pairs}개가 정확히 꺾인 점에 있습니다. 노드 {unit}은 {rows}개 행에서 그렇습니다.",
            "꺾인 점에는 기울기가 없습니다. 그 노드의 편향을 따라 왼쪽 기울기는 {left}, 오른쪽 기울기는 {right}입니다.";
            "여기서 기울기가 0이라고 극소점으로 읽지 마십시오. 가중치를 조금 움직이고 다시 보십시오."
        ),
        Kind::DeadUnits => text!(
            "층 '{layer}'의 죽은 노드: {all}개 중 {count}개",
            "{rows}개 행 모두에서 활성화 함수가 평평한 노드: {units}.",
            "기울기가 전해지지 않으므로 경사하강법으로는 깨울 수 없습니다.";
            "다른 시드, 더 작은 학습률, 더 많은 노드, 또는 평평한 곳이 없는 활성화 함수(leaky_relu, elu)를 써 보십시오."
        ),
        Kind::IdleUnits => text!(
            "층 '{layer}'의 쉬는 노드: {all}개 중 {count}개",
            "층 '{next}'의 가중치를 곱하면 아무 차이도 만들지 않는 노드: {units}.";
            "손실이 아직 줄고 있으면 배울 수도 있습니다. 아니면 없어도 됩니다."
        ),
        Kind::DuplicateUnits => text!(
            "층 '{layer}'에서 같은 일을 하는 노드: {all}개 중 {count}개가 복사본",
            "{rows}개 행에서 다른 노드와 (백만분의 일 이내로) 같거나 그 배수인 노드: {units}.",
            "모든 것이 같은 노드는 기울기도 같으므로 계속 같습니다.";
            "무작위 가중치로 시작하십시오. 그렇게 했다면 더 적은 노드로 충분합니다."
        ),
        Kind::Capacity => text!(
            "데이터에 비해 너무 단순합니다",
            "학습은 수렴했지만 남은 오차에 구조가 있습니다. 입력 {input}을 따라 이웃한 오차가 서로 닮았습니다(다음 {neighbours}개와의 상관 {correlation}). 우연이라면 {odds}번에 한 번 있는 일입니다(p = {p}).",
            "학습은 수렴했지만 남은 오차에 구조가 있습니다. 입력 {inputs}개를 함께 볼 때 이웃한 오차가 서로 닮았습니다(가장 가까운 {neighbours}개와의 상관 {correlation}). 우연이라면 {odds}번에 한 번 있는 일입니다(p = {p}).",
            "신경망은 그대로 두고(답 전체의 배율과 높이만 맞추고) relu 노드 하나만 더해도 손실은 {loss}에서 {loss_with}로, {gain} % 줄어듭니다.";
            "노드나 층을 늘리십시오. 에폭을 늘려도 달라지지 않습니다."
        ),
        Kind::OverFit => text!(
            "과적합: 외워 버렸습니다",
            "손실은 학습한 행에서 {train}, 다른 {held_out_rows}개 행에서 {held_out}입니다(p = {p}).",
            "그 행들에서는 예측의 퍼짐을 {slope}배로 줄이는 것이 가장 좋습니다. 그 이상은 잡음입니다.",
            "목표값에는 입력에 따른 구조가 없는데도(p = {p_structure}) 신경망은 그것을 따라 굽어, 상수의 손실이 {constant}인 곳에서 {train}입니다.";
            "더 많은 데이터, 더 적은 노드, 가중치 벌점, 또는 더 적은 에폭(EarlyStopping)을 써 보십시오."
        ),
        Kind::UnknownRest => text!("나머지 모두", "{why}.";),
        Kind::UnknownOverFit => text!(
            "과적합 여부",
            "학습에 쓰지 않은 행이 필요합니다.";
            "Diagnose::new().held_out(&x, &y)"
        ),
        Kind::UnknownCurvature => text!(
            "손실의 곡률",
            "가중치 {parameters}개와 {rows}개 행으로는 너무 오래 걸립니다.";
            "행을 줄이십시오."
        ),
        Kind::UnknownOthers => text!(
            "다른 시작점이 더 나은지",
            "가중치 {parameters}개와 {rows}개 행의 학습은 너무 오래 걸립니다.";
            "Diagnose::new().fits(n).steps(m)"
        ),
        Kind::UnknownRate => text!("곡률이 허용하는 학습률", "{optimizer}에는 그런 한계가 알려져 있지 않습니다.";),
        Kind::UnknownStructure => text!("잔차의 구조", "{rows}개 행으로는 우연과 구별할 수 없습니다.";),
        Kind::UnknownCapacity => text!(
            "데이터에 비해 너무 단순한지",
            "손실이 아직 줄고 있으므로 남은 오차는 마지막 것이 아닙니다.";
            "더 학습하고 다시 물어보십시오."
        ),
        Kind::UnknownBatches => text!(
            "배치의 영향",
            "이 신경망은 배치로 학습되었습니다. 이 진단에서 이어 간 학습과 다른 시드의 학습은 걸음마다 모든 행을 썼습니다.";
        ),
    }
}
