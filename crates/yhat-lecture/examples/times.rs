//! Where the time goes: each chapter's, the fastest of five runs, in milliseconds.

use std::time::Instant;

fn main() -> yhat_lecture::Result<()> {
    let mut all = 0.0;
    for chapter in yhat_lecture::CHAPTERS {
        let mut fastest = f64::INFINITY;
        for _ in 0..5 {
            let started = Instant::now();
            chapter.run()?;
            fastest = fastest.min(started.elapsed().as_secs_f64() * 1e3);
        }
        println!("{:10} {fastest:8.2}", chapter.name);
        all += fastest;
    }
    println!("{:10} {all:8.2}", "all");
    Ok(())
}
