use super::Mt19937;

/// The binomial distribution as NumPy's legacy generator samples it, set up for one pair of
/// parameters (`legacy_random_binomial` of NumPy's legacy-distributions.c).
///
/// Up to 30 expected events of the rarer kind it inverts the distribution function, above that
/// it rejects by BTPE. NumPy keeps the setup from call to call; it depends on the parameters
/// alone, so keeping it saves time and changes no bit.
#[derive(Clone, Debug)]
pub(super) struct Binomial {
    n: i64,
    p: f64,
    method: Method,
}

#[derive(Clone, Debug)]
enum Method {
    Inversion(Inversion),
    Btpe(Btpe),
}

impl Binomial {
    pub(super) fn new(n: i64, p: f64) -> Self {
        let rarer = if p <= 0.5 { p } else { 1.0 - p };
        let method = if rarer * n as f64 <= 30.0 {
            Method::Inversion(Inversion::new(n, rarer))
        } else {
            Method::Btpe(Btpe::new(n, rarer))
        };
        Self { n, p, method }
    }

    pub(super) fn is_for(&self, n: i64, p: f64) -> bool {
        self.n == n && self.p == p
    }

    pub(super) fn sample(&self, bits: &mut Mt19937) -> i64 {
        let rarer = match &self.method {
            Method::Inversion(inversion) => inversion.sample(bits),
            Method::Btpe(btpe) => btpe.sample(bits),
        };
        if self.p <= 0.5 { rarer } else { self.n - rarer }
    }
}

/// Inversion: walks up the probabilities `P(X = 0), P(X = 1), ...` until they exhaust a uniform
/// number; a walk beyond ten standard deviations starts anew with another number.
#[derive(Clone, Debug)]
struct Inversion {
    n: i64,
    p: f64,
    q: f64,
    none: f64,
    bound: i64,
}

impl Inversion {
    fn new(n: i64, p: f64) -> Self {
        let q = 1.0 - p;
        let mean = n as f64 * p;
        let bound = mean + 10.0 * (mean * q + 1.0).sqrt();
        Self { n, p, q, none: (n as f64 * q.ln()).exp(), bound: bound.min(n as f64) as i64 }
    }

    fn sample(&self, bits: &mut Mt19937) -> i64 {
        loop {
            if let Some(x) = self.walk(bits.next_f64()) {
                return x;
            }
        }
    }

    fn walk(&self, mut u: f64) -> Option<i64> {
        let mut x = 0;
        let mut probability = self.none;
        while u > probability {
            x += 1;
            if x > self.bound {
                return None;
            }
            u -= probability;
            probability = (self.n - x + 1) as f64 * self.p * probability / (x as f64 * self.q);
        }
        Some(x)
    }
}

/// BTPE of Kachitvichyanukul & Schmeiser, "Binomial random variate generation", CACM 31 (1988):
/// rejection beneath a triangle, a parallelogram and two exponential tails. The names are those
/// of the paper.
#[derive(Clone, Debug)]
struct Btpe {
    n: i64,
    r: f64,
    q: f64,
    nrq: f64,
    m: i64,
    p1: f64,
    xm: f64,
    xl: f64,
    xr: f64,
    c: f64,
    laml: f64,
    lamr: f64,
    p2: f64,
    p3: f64,
    p4: f64,
}

impl Btpe {
    fn new(n: i64, p: f64) -> Self {
        let size = n as f64;
        let r = p.min(1.0 - p);
        let q = 1.0 - r;
        let fm = size * r + r;
        let m = fm.floor() as i64;
        let p1 = (2.195 * (size * r * q).sqrt() - 4.6 * q).floor() + 0.5;
        let xm = m as f64 + 0.5;
        let xl = xm - p1;
        let xr = xm + p1;
        let c = 0.134 + 20.5 / (15.3 + m as f64);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let laml = slope((fm - xl) / (fm - xl * r));
        let lamr = slope((xr - fm) / (xr * q));
        let p2 = p1 * (1.0 + 2.0 * c);
        let p3 = p2 + c / laml;
        let p4 = p3 + c / lamr;
        let nrq = size * r * q;
        Self { n, r, q, nrq, m, p1, xm, xl, xr, c, laml, lamr, p2, p3, p4 }
    }

    fn sample(&self, bits: &mut Mt19937) -> i64 {
        loop {
            let u = bits.next_f64() * self.p4;
            let v = bits.next_f64();
            if u <= self.p1 {
                return (self.xm - self.p1 * v + u).floor() as i64;
            }
            if let Some((y, height)) = self.propose(u, v)
                && self.accepts(y, height)
            {
                return y;
            }
        }
    }

    /// A candidate from the parallelogram or one of the tails, with the height to be compared
    /// with the distribution there.
    fn propose(&self, u: f64, v: f64) -> Option<(i64, f64)> {
        if u <= self.p2 {
            let x = self.xl + (u - self.p1) / self.c;
            let height = v * self.c + 1.0 - (self.m as f64 - x + 0.5).abs() / self.p1;
            (height <= 1.0).then_some((x.floor() as i64, height))
        } else if u <= self.p3 {
            let y = (self.xl + v.ln() / self.laml).floor() as i64;
            (y >= 0 && v != 0.0).then_some((y, v * (u - self.p2) * self.laml))
        } else {
            let y = (self.xr - v.ln() / self.lamr).floor() as i64;
            (y <= self.n && v != 0.0).then_some((y, v * (u - self.p3) * self.lamr))
        }
    }

    fn accepts(&self, y: i64, height: f64) -> bool {
        let k = y.wrapping_sub(self.m).wrapping_abs();
        if k > 20 && (k as f64) < self.nrq / 2.0 - 1.0 {
            self.accepts_far(y, k, height)
        } else {
            height <= self.ratio_to_mode(y)
        }
    }

    /// `P(X = y) / P(X = m)` by the recurrence between neighbours.
    fn ratio_to_mode(&self, y: i64) -> f64 {
        let s = self.r / self.q;
        let a = s * self.n.wrapping_add(1) as f64;
        let step = |i: i64| a / i as f64 - s;
        if self.m < y {
            (self.m + 1..=y).fold(1.0, |f, i| f * step(i))
        } else {
            (y + 1..=self.m).fold(1.0, |f, i| f / step(i))
        }
    }

    /// Squeezes the logarithm of the ratio between two parabolas, and computes it by Stirling's
    /// formula only where they do not decide.
    fn accepts_far(&self, y: i64, k: i64, height: f64) -> bool {
        let nrq = self.nrq;
        let kf = k as f64;
        let rho = (kf / nrq) * ((kf * (kf / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5);
        let t = k.wrapping_neg().wrapping_mul(k) as f64 / (2.0 * nrq);
        let log_height = height.ln();
        if log_height < t - rho {
            return true;
        }
        log_height <= t + rho && log_height <= self.log_ratio_to_mode(y)
    }

    fn log_ratio_to_mode(&self, y: i64) -> f64 {
        let (n, m) = (self.n, self.m);
        let x1 = y.wrapping_add(1) as f64;
        let f1 = m.wrapping_add(1) as f64;
        let z = n.wrapping_add(1).wrapping_sub(m) as f64;
        let w = n.wrapping_sub(y).wrapping_add(1) as f64;
        self.xm * (f1 / x1).ln()
            + ((n - m) as f64 + 0.5) * (z / w).ln()
            + (y - m) as f64 * (w * self.r / (x1 * self.q)).ln()
            + stirling(f1)
            + stirling(z)
            + stirling(x1)
            + stirling(w)
    }
}

/// The correction terms of Stirling's formula for `ln x!`.
fn stirling(x: f64) -> f64 {
    let x2 = x * x;
    (13680. - (462. - (132. - (99. - 140. / x2) / x2) / x2) / x2) / x / 166320.
}
