//! Initial weights after `set_seed`, the same in every bit: by themselves, and as a layer's that is built.

use serde_json::Value;
use yhat::{DType, initializers::Initializer, layers::Dense, random::set_seed};

use crate::report::{Report, integer, members, shape, text};

pub fn check(section: &mut Value, report: &mut Report) {
    for case in members(section) {
        let (name, seed, shape) =
            (text(case["name"].take()), integer(case["seed"].take()), shape(case["shape"].take()));
        let what = format!("set_seed({seed}), {name} of shape {shape}");
        set_seed(seed);
        let got = Initializer::from(name.as_str()).values(&shape, DType::F32).unwrap();
        if got.dtype() != DType::F32 {
            report.fail(format!("{what}: dtype {}", got.dtype()));
        }
        set_seed(seed);
        let layer = Dense::new(shape[1]).kernel_initializer(name.as_str());
        layer.build(shape[0]).unwrap();
        if layer.get_weights().unwrap()[0] != got {
            report.fail(format!("{what}: the kernel of a layer is another"));
        }
        report.same(&what, &got, case["values"].take());
    }
}
