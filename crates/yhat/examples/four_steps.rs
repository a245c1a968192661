//! The whole of it: data, four steps, a look at the result.

use yhat::prelude::*;

fn main() -> yhat::Result<()> {
    let mut rng = RandomState::new(43052); // NumPy's generator, bit for bit
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);

    set_seed(43053); // TensorFlow's, too
    let mut net = Sequential::new(); // 1. an empty network
    net.add(Dense::new(2).activation(relu)); // 2. its layers
    net.add(Dense::new(1));
    net.compile(Sgd::new(0.1), mean_squared_error); // 3. optimizer and loss
    let history = net.fit(&x, &y, Fit::epochs(1000).batch_size(100))?; // 4. fit

    println!("{}", net.summary());
    println!("loss {:.4}", history.last("loss"));
    Ok(())
}
