use std::time::Instant;
use yhat_tensor::*;
fn net(h: usize, n: usize, logistic: bool, runs: usize) {
    let x = Tensor::input("x", [n, 1], DType::F32);
    let y = Tensor::input("y", [n, 1], DType::F32);
    let xs = Array::linspace(-1.0, 1.0, n).reshape([n, 1]).unwrap();
    let ys = xs.mapv(|x| if logistic { (x > 0.1) as i32 as f64 } else { x.max(0.0) * 3.0 });
    let mk = |name: &str, shape: Vec<usize>, s: f64| {
        let n: usize = shape.iter().product();
        let v: Vec<f32> = (0..n).map(|i| (s * ((i * 7 + 3) as f64).sin()) as f32).collect();
        Variable::new(name, Array::new(shape, v).unwrap())
    };
    let vars: Vec<Variable>;
    let loss;
    if logistic {
        vars = vec![mk("w", vec![1, 1], 0.4), mk("b", vec![1], 0.0)];
        let p = (x.matmul(&vars[0]) + &vars[1]).sigmoid();
        loss = -(&y * p.ln() + (1.0 - &y) * (1.0 - &p).ln()).mean();
    } else {
        vars = vec![
            mk("w1", vec![1, h], 0.4),
            mk("b1", vec![h], 0.0),
            mk("w2", vec![h, 1], 0.4 / (h as f64).sqrt()),
            mk("b2", vec![1], 0.0),
        ];
        let p = (x.matmul(&vars[0]) + &vars[1]).relu().matmul(&vars[2]) + &vars[3];
        loss = (&p - &y).square().mean();
    }
    let g = gradient(&loss, &vars.iter().map(|v| v.tensor()).collect::<Vec<_>>()).unwrap();
    let up: Vec<_> = vars.iter().zip(g).map(|(v, g)| (v.clone(), v.tensor() - g * 0.1)).collect();
    let t = Instant::now();
    let plan = Plan::new(&[x, y], &[loss], &up).unwrap();
    let mut ws = plan.workspace();
    println!("plan {:?} steps {}\n{plan}", t.elapsed(), plan.steps());
    ws.set_input(0, &xs).unwrap();
    ws.set_input(1, &ys).unwrap();
    for _ in 0..5 {
        let t = Instant::now();
        for _ in 0..runs {
            plan.run(&mut ws).unwrap();
        }
        println!(
            "h {h} logistic {logistic}: {:.3} us/epoch loss {}",
            t.elapsed().as_secs_f64() * 1e6 / runs as f64,
            ws.scalar(0)
        );
    }
}
fn main() {
    if let Some(w) = std::env::args().nth(1) {
        return match w.as_str() {
            "1" => net(2, 100, false, 1000000),
            "2" => net(512, 100, false, 20000),
            _ => net(1, 2000, true, 50000),
        };
    }
    net(2, 100, false, 100000);
    net(512, 100, false, 5000);
    net(1, 2000, true, 20000);
    for n in [512usize] {
        let a = Tensor::input("a", [n, n], DType::F32);
        let b = Tensor::input("b", [n, n], DType::F32);
        let plan = Plan::new(&[a.clone(), b.clone()], &[a.matmul(&b)], &[]).unwrap();
        let mut ws = plan.workspace();
        ws.set_input(0, &Array::ones([n, n])).unwrap();
        ws.set_input(1, &Array::ones([n, n])).unwrap();
        for _ in 0..3 {
            let t = Instant::now();
            for _ in 0..20 {
                plan.run(&mut ws).unwrap();
            }
            let s = t.elapsed().as_secs_f64() / 20.0;
            println!("matmul {n}: {:.1} GFLOP/s", 2.0 * (n as f64).powi(3) / s / 1e9);
        }
    }
}
