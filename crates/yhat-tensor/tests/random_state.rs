//! What holds for the streams whatever their numbers: they resume, they do not mix, and they
//! refuse impossible parameters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use yhat_tensor::random::{CPythonRandom, InvalidState, Mt19937, OpSeeds, RandomState, tf};

/// Leads a state through every method, by a way that depends on its own numbers.
fn wander(r: &mut RandomState, steps: usize) -> Vec<u64> {
    let mut seen = Vec::new();
    for _ in 0..steps {
        seen.push(match r.randint(0, 9) {
            0 => r.random_sample().to_bits(),
            1 => r.standard_normal().to_bits(),
            2 => r.normal(1.0, 2.0).to_bits(),
            3 => r.exponential(0.5).to_bits(),
            4 => r.binomial(10, 0.3),
            5 => r.binomial(1000, 0.6),
            6 => r.permutation(5)[0] as u64,
            7 => r.choice_weighted(1, &[0.25, 0.75], true)[0] as u64,
            _ => r.randint(0, 1 << 40) as u64,
        });
    }
    seen
}

#[test]
fn a_random_state_resumes_from_its_parts() {
    let mut r = RandomState::new(43052);
    for steps in 0..200 {
        wander(&mut r, steps % 7);
        let bits = Mt19937::from_parts(*r.bits().key(), r.bits().position()).unwrap();
        let mut resumed = RandomState::from_parts(bits, r.cached_gauss());
        let mut cloned = r.clone();
        assert_eq!(resumed, r);
        let expected = wander(&mut r, 20);
        assert_eq!(wander(&mut resumed, 20), expected);
        assert_eq!(wander(&mut cloned, 20), expected);
        assert_eq!(resumed, r);
    }
}

#[test]
fn random_states_differ_by_bits_and_by_the_cached_normal() {
    let fresh = RandomState::new(1);
    assert_eq!(fresh, RandomState::new(1));
    assert_ne!(fresh, RandomState::new(2));
    assert_ne!(fresh, RandomState::from_parts(fresh.bits().clone(), Some(0.5)));
    let mut after_binomial = fresh.clone();
    let mut after_uniform = fresh.clone();
    after_binomial.binomial(1, 0.0);
    after_uniform.random_sample();
    assert_eq!(after_binomial, after_uniform);
}

#[test]
fn states_of_no_generator_are_refused() {
    let key = *Mt19937::new(0).key();
    assert_eq!(Mt19937::from_parts(key, 625), Err(InvalidState::Position(625)));
    assert_eq!(InvalidState::Position(625).to_string(), "position: got 625, expected 0..=624");
    let mut zero = [0; 624];
    zero[0] = 0x7fff_ffff; // the bits of word 0 that the recurrence never reads
    assert_eq!(Mt19937::from_parts(zero, 0), Err(InvalidState::ZeroKey));
    zero[0] = 0x8000_0000;
    assert!(Mt19937::from_parts(zero, 0).is_ok());
}

#[test]
fn a_shuffle_and_a_permutation_are_the_same() {
    for n in 0..50 {
        let mut shuffled: Vec<usize> = (0..n).collect();
        RandomState::new(7).shuffle(&mut shuffled);
        assert_eq!(RandomState::new(7).permutation(n), shuffled);
        shuffled.sort_unstable();
        assert!(shuffled.into_iter().eq(0..n));
    }
}

#[test]
fn op_seeds_resume_from_two_numbers() {
    let mut ops = OpSeeds::new(43052);
    for _ in 0..1000 {
        ops.next_op();
    }
    let mut resumed = OpSeeds::resume(ops.seed(), ops.dealt());
    assert_eq!(resumed, ops);
    assert_eq!(resumed.next_op(), ops.next_op());
    assert_ne!(OpSeeds::new(1), OpSeeds::new(2));
}

#[test]
fn the_stream_of_a_thread_resumes() {
    tf::set_seed(5);
    tf::normal::<f32>(3, 0.0, 1.0);
    let here = tf::op_seeds();
    let expected = (tf::uniform::<f32>(4), tf::truncated_normal::<f64>(5, 0.0, 1.0));
    tf::set_seed(6);
    tf::set_op_seeds(here);
    let ours = (tf::uniform::<f32>(4), tf::truncated_normal::<f64>(5, 0.0, 1.0));
    assert_eq!(ours, expected);
}

#[test]
fn an_op_takes_a_seed_even_for_no_numbers() {
    tf::set_seed(1);
    assert!(tf::uniform::<f32>(0).is_empty());
    assert_eq!(tf::op_seeds().dealt(), 1);
}

#[test]
fn threads_do_not_share_seeds() {
    tf::set_seed(1);
    let first: Vec<f32> = tf::uniform(8);
    tf::set_seed(1);
    let other: Vec<f32> = thread::spawn(|| {
        assert_eq!(tf::op_seeds(), OpSeeds::unseeded());
        tf::set_seed(2);
        tf::uniform(8)
    })
    .join()
    .unwrap();
    assert_eq!(tf::uniform::<f32>(8), first);
    assert_ne!(other, first);
}

#[test]
fn an_unseeded_thread_has_the_numbers_of_seed_zero() {
    let unseeded = thread::spawn(|| tf::uniform::<f32>(8)).join().unwrap();
    tf::set_seed(0);
    assert_eq!(tf::uniform::<f32>(8), unseeded);
}

#[test]
fn impossible_parameters_panic_and_say_why() {
    let r = &mut RandomState::new(0);
    refuses("scale: got -1, expected a number >= 0", || r.normal(0.0, -1.0));
    refuses("scale: got NaN, expected a number >= 0", || r.normal(0.0, f64::NAN));
    refuses("scale: got -0.5, expected a number >= 0", || r.exponential(-0.5));
    refuses("low, high: got 0 and inf, expected a finite high - low", || r.uniform(0.0, f64::INFINITY));
    for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        refuses(&format!("p: got {p}, expected a probability of 0 to 1"), || r.binomial(1, p));
    }
    refuses("n: got 9223372036854775808, expected at most 9223372036854775807", || r.binomial(1 << 63, 0.5));
    refuses("low, high: got 3 and 3, expected low < high", || r.randint(3, 3));
    refuses("n: got 0, expected a population to choose 1 from", || r.choice(0, 1, true));
    refuses("size: got 4, expected at most 3, the population, without replacement", || r.choice(3, 4, false));
    let state = r.clone();
    assert_eq!(state, RandomState::new(0), "a refused draw costs nothing");
}

#[test]
fn impossible_weights_panic_and_say_why() {
    let r = &mut RandomState::new(0);
    let mut refuses_p = |p: &[f64], message: &str| {
        refuses(message, || r.choice_weighted(1, p, true));
    };
    refuses_p(&[], "p: got an empty slice, expected the probabilities of the population");
    refuses_p(&[0.5, f64::NAN], "p[1]: got NaN, expected a probability >= 0");
    refuses_p(&[1.5, -0.5], "p[1]: got -0.5, expected a probability >= 0");
    refuses_p(&[0.5, 0.25], "p: got probabilities that sum to 0.75, expected a sum of 1");
    refuses("size: got 2, expected at most 1, the positive entries of p, without replacement", || {
        r.choice_weighted(2, &[0.0, 1.0], false)
    });
}

#[test]
fn impossible_python_ranges_and_keys_panic_and_say_why() {
    let mut random = CPythonRandom::new(0);
    refuses("low, high: got 2 and 1, expected low <= high", || random.randint(2, 1));
    refuses("low, high: got all of i64, expected at most 2^64 - 1 integers", || random.randint(i64::MIN, i64::MAX));
    refuses("words: got an empty slice, expected at least one seed word", || Mt19937::from_words(&[]));
}

fn refuses<T>(message: &str, draw: impl FnOnce() -> T) {
    let panic = catch_unwind(AssertUnwindSafe(draw)).err();
    let panic = panic.unwrap_or_else(|| panic!("accepted, expected {message:?}"));
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    assert_eq!(said, Some(message));
}
