//! The page: every chapter with its words in both languages, its code, its figures, and no number that was typed.

use std::{collections::BTreeSet, fs, sync::LazyLock, thread};

use yhat::{diagnose::Language, prelude::*};
use yhat_lecture::{Block, CHAPTERS, Chapter, Findings, Lang, Page, Report};

static FOUND: LazyLock<Vec<(&Chapter, Findings, Page)>> = LazyLock::new(|| {
    let found = |chapter: &'static Chapter| {
        let findings = chapter.run().unwrap();
        let page = chapter.page(&findings).unwrap();
        (chapter, findings, page)
    };
    CHAPTERS.iter().map(found).collect()
});

static HTML: LazyLock<String> = LazyLock::new(|| report().page(Lang::En).unwrap());

fn report() -> Report {
    let mut report = Report::new();
    FOUND.iter().for_each(|(chapter, findings, _)| report.add(chapter, findings.clone()));
    report
}

/// The page without the figures' scripts and styles.
fn body() -> &'static str {
    HTML.split_once("<main").unwrap().1.split_once("</main>").unwrap().0
}

fn text(kind: &str, name: &str) -> String {
    fs::read_to_string(format!("{}/text/{kind}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The sections of a file of words: key, text.
fn sections(words: &str) -> Vec<(String, String)> {
    let parts = words.split("\n## ").skip(1);
    let split = |part: &str| {
        let (line, body) = part.split_once('\n').unwrap_or((part, ""));
        (line.split(':').next().unwrap().trim().to_string(), format!("{line}\n{body}"))
    };
    parts.map(split).collect()
}

#[test]
fn all_in_one_file_of_at_most_three_megabytes() {
    assert!(HTML.len() <= 3_000_000, "{} bytes", HTML.len());
    assert!(body().len() > 500_000);
    for reference in ["src=", "<link", "@import", "url(http", "href=\"http"] {
        assert!(!body().contains(reference), "{reference}");
    }
}

#[test]
fn both_languages_are_there_and_one_is_shown_first() {
    assert!(
        HTML.contains("<html lang=\"en\">") && HTML.contains("<title>From a straight line to a convex loss</title>")
    );
    let korean = report().page(Lang::Ko).unwrap();
    assert!(korean.contains("<html lang=\"ko\">") && korean.contains("<title>직선에서 볼록한 손실함수까지</title>"));
    assert_eq!(
        korean.len() - HTML.len(),
        "직선에서 볼록한 손실함수까지".len() - "From a straight line to a convex loss".len()
    );
}

#[test]
fn every_block_has_its_words_in_both_languages_and_no_words_are_left_over() {
    for (chapter, _, page) in FOUND.iter() {
        let keys: BTreeSet<&str> = page.blocks().iter().map(|(key, _)| *key).collect();
        assert_eq!(keys.len(), page.blocks().len(), "a key twice in {}", chapter.name);
        for lang in Lang::ALL {
            let words = text(lang.code(), &format!("{}.md", chapter.name));
            let said: Vec<String> = sections(&words).into_iter().map(|(key, _)| key).collect();
            let own: Vec<&str> = page
                .blocks()
                .iter()
                .map(|(key, _)| *key)
                .filter(|key| !["curve", "verdict"].contains(key) || said.iter().any(|s| s == key))
                .collect();
            assert_eq!(said, own, "{lang}/{}.md", chapter.name);
        }
        assert!(text("en", &format!("{}.md", chapter.name)).starts_with(&format!("# {}\n", chapter.title)));
    }
}

#[test]
fn the_numbers_behind_a_figure_are_below_it() {
    let figures = FOUND.iter().flat_map(|(_, _, page)| page.blocks()).filter(|(_, b)| matches!(b, Block::Figure(_)));
    let tables =
        body().matches("<details class=\"yhat-data\"><summary><span lang=\"en\">The numbers drawn here</span>").count();
    assert_eq!(tables, figures.count());
}

#[test]
fn every_figure_is_described_in_both_languages_with_what_was_found() {
    for (chapter, _, page) in FOUND.iter() {
        let drawn = |block: &Block| matches!(block, Block::Figure(_) | Block::Animation(_) | Block::Diagram(_));
        for (key, _) in page.blocks().iter().filter(|(_, block)| drawn(block)) {
            let figure = body().split(&format!(" id=\"{}-{key}\">", chapter.name)).nth(1).unwrap();
            let figure = figure.split("<figcaption>").next().unwrap();
            for lang in Lang::ALL {
                let seen = figure.split(&format!("<p class=\"seen\" hidden lang=\"{lang}\">")).nth(1).unwrap();
                let seen = seen.split("</p>").next().unwrap();
                assert!(seen.chars().count() > 12 && !seen.contains('{'), "{}-{key} {lang}: {seen}", chapter.name);
            }
        }
    }
}

/// Numbers in words are found by the run. What may be typed: the digits of names and formulas, and 0, 1 and 2.
#[test]
fn no_number_is_typed_into_the_words() {
    for lang in Lang::ALL {
        for chapter in CHAPTERS {
            for (key, words) in sections(&text(lang.code(), &format!("{}.md", chapter.name))) {
                let mut words = words.replace("{{", "\u{1}").replace("}}", "\u{2}");
                for (open, close) in [('\u{1}', '\u{2}'), ('$', '$'), ('`', '`')] {
                    words = without(&words, open, close);
                }
                let numbers = words.split(|c: char| !c.is_ascii_digit() && c != '.').map(|n| n.trim_matches('.'));
                let typed: Vec<&str> = numbers.filter(|n| n.len() > 1).collect();
                let allowed = ["10"]; // "a billion epochs" is 10 with a unit in Korean
                assert!(typed.iter().all(|n| allowed.contains(n)), "{lang}/{}.md, {key}: {typed:?}", chapter.name);
            }
        }
    }
}

fn without(text: &str, open: char, close: char) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match inside {
            true if c == close => inside = false,
            false if c == open => inside = true,
            false => out.push(c),
            true => {}
        }
    }
    out
}

#[test]
fn the_code_that_is_shown_is_the_code_that_ran() {
    for (chapter, _, page) in FOUND.iter() {
        let shown: String = chapter.code().split_whitespace().collect();
        for (key, block) in page.blocks() {
            let code = match block {
                Block::Code | Block::Verdict(_) => {
                    chapter.region(key).unwrap_or_else(|| panic!("{}: no region {key}", chapter.name))
                }
                Block::Figure(_) | Block::Animation(_) if !["curve", "losses"].contains(key) => {
                    chapter.function(key).unwrap_or_else(|| panic!("{}: no function {key}", chapter.name)).to_string()
                }
                _ => continue,
            };
            assert!(code.lines().count() > 0 && shown.contains(&code.split_whitespace().collect::<String>()), "{key}");
            assert!(code.lines().count() <= 60, "{}: {key} is too long to be read", chapter.name);
        }
        assert!(chapter.code().starts_with("use ") && !chapter.code().contains("//!"), "{}", chapter.name);
    }
}

#[test]
fn all_of_the_keras_program_is_shown() {
    for (chapter, _, page) in FOUND.iter() {
        let program = text("keras", &format!("{}.py", chapter.name));
        let regions: Vec<&str> =
            program.lines().filter_map(|line| line.strip_prefix("# [")?.strip_suffix(']')).collect();
        assert!(!regions.is_empty());
        for key in regions {
            let drawn = |block: &Block| matches!(block, Block::Code | Block::Figure(_) | Block::Animation(_));
            assert!(page.blocks().iter().any(|(k, block)| k == &key && drawn(block)), "{}.py: {key}", chapter.name);
            assert!(body().contains(&format!("id=\"{}-{key}-code-keras\"", chapter.name)));
        }
    }
}

/// What the course's notebook shows, in its order.
#[test]
fn everything_of_the_notebook_has_its_place() {
    let keys = [
        "data-numbers",
        "data-points",
        "solution1-two_ways",
        "solution1-line",
        "relu-before",
        "relu-after",
        "relu-x",
        "relu-relu_x",
        "relu-bend",
        "solution2-layers",
        "solution2-before",
        "solution2-after",
        "solution2-slip_activation",
        "solution3-shape",
        "solution3-two_lines",
        "solution3-two_bent_lines",
        "solution3-summary",
        "solution3-first_weights",
        "solution3-operations",
        "solution3-nodes",
        "solution3-weights",
        "solution3-answer_fit",
        "solution3-lines",
        "solution3-bent_lines",
        "solution3-answer",
        "solution3-contributions",
        "failure-early",
        "failure-late",
        "failure-weights",
        "failure-four_panels",
        "failure-all_weights",
        "failure-gradient",
        "solution4-nodes",
        "solution4-many",
        "solution4-summary",
        "overfit-only_noise",
        "overfit-chased",
        "logistic-labels_and_chance",
        "logistic-operations",
        "logistic-nodes",
        "bce-weights",
        "bce-fitted",
        "mse-fitted",
        "surfaces-side_by_side",
        "sgd-ones",
        "sgd-one_epoch",
        "sgd-own_weights",
        "sgd-paths",
        "sgd-moving",
        "adam-one_epoch",
        "adam-moving",
        "adam_far-moving",
        "convex-eigenvalues",
    ];
    let places: Vec<usize> =
        keys.iter().map(|key| body().find(&format!("id=\"{key}\"")).unwrap_or_else(|| panic!("{key}"))).collect();
    assert!(places.is_sorted());
    let fits = ["solution1", "solution2", "solution3", "failure", "solution4", "overfit", "bce", "mse"];
    assert!(fits.iter().all(|fit| body().contains(&format!("id=\"{fit}-curve\""))));
    for message in ["unknown activation 'Relu'; did you mean 'relu'?", "unknown optimizer 'sdg'; did you mean 'sgd'?"] {
        assert!(body().contains(message), "{message}");
    }
}

/// Under each fit that fails: findings and advice in both languages, the same as of the case that is asked by name.
#[test]
fn a_fit_that_fails_has_its_verdict() {
    let cases = [
        ("solution1", "solution1"),
        ("solution2", "solution2"),
        ("failure", "failure"),
        ("overfit", "overfit"),
        ("mse", "mse"),
        ("adam_far", "plateau"),
    ];
    assert_eq!(body().matches("<div class=\"verdict\">").count(), cases.len());
    for (name, case) in cases {
        let (_, found, _) = FOUND.iter().find(|(chapter, ..)| chapter.name == name).unwrap();
        let asked = thread::spawn(move || yhat_lecture::case(case).unwrap().diagnose().unwrap()).join().unwrap();
        assert_eq!(found.verdict("net").unwrap(), &asked, "{name}");
        let shown = body().split(&format!(" id=\"{name}-verdict\">")).nth(1).unwrap();
        let shown = shown.split("</section>").next().unwrap();
        assert_eq!(shown.matches("<div class=\"finding\"").count(), asked.findings.len());
        for finding in &asked.findings {
            for language in [Language::English, Language::Korean] {
                for words in [finding.title(language), finding.explanation(language), finding.advice(language)] {
                    let words = words.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
                    assert!(!words.is_empty() && shown.contains(&words), "{name}: {words}");
                }
            }
            for (name, value) in [Language::English, Language::Korean].map(|l| finding.told(l)).concat() {
                assert!(shown.contains(&format!(">{name}<")) && shown.contains(&value), "{name}: {value}");
            }
        }
    }
}

/// The failure chapter ends with the sweep, and what it says is what a loop over the seeds finds.
#[test]
fn how_often_it_fails_is_counted() {
    let (_, found, page) = FOUND.iter().find(|(chapter, ..)| chapter.name == "failure").unwrap();
    let keys: Vec<&str> = page.blocks().iter().map(|(key, _)| *key).collect();
    assert_eq!(keys[keys.len() - 4..], ["sweep", "how_often", "rates", "luck"]);
    let (x, y) = (found.get("x").unwrap(), found.get("y").unwrap());
    let loss = |seed: i64| {
        set_seed(seed);
        let mut net = Sequential::from_layers([Dense::new(2).activation("relu"), Dense::new(1)]);
        net.compile(Sgd::new(0.1), "mse");
        net.fit(x, y, Fit::epochs(1000).batch_size(100)).unwrap().last("loss")
    };
    let losses: Vec<f64> = (0..1000).map(loss).collect();
    let failed = losses.iter().filter(|loss| **loss >= 0.1).count();
    let lower = losses.iter().filter(|loss| **loss < 0.95 * 0.115859).count();
    let row = format!("<td>2</td><td>{failed}</td><td>{:.1}</td>", failed as f64 / 10.0);
    assert_eq!(body().matches(&row).count(), 2, "{row}");
    assert!(body().contains(&format!("only {lower} of 1,000 seeds")), "{lower}");
}

/// Both maps have the paths of four optimizers from three starts.
#[test]
fn four_optimizers_on_one_map() {
    let (_, _, page) = FOUND.iter().find(|(chapter, ..)| chapter.name == "adam_far").unwrap();
    let (_, Block::Figure(figure)) = page.blocks().iter().find(|(key, _)| *key == "on_one_map").unwrap() else {
        panic!("a figure")
    };
    let svg = figure.to_svg().unwrap();
    for word in ["SGD", "momentum", "RMSprop", "Adam", "MSE", "BCE"] {
        assert!(svg.contains(&format!(">{word}<")), "{word}");
    }
}

/// All three recordings begin where the squared error is not convex, as the last chapter says.
#[test]
fn the_recordings_begin_where_the_words_say() {
    let (_, found, _) = FOUND.iter().find(|(chapter, ..)| chapter.name == "convex").unwrap();
    let (w0, w1, mse) = (found.get("w0").unwrap(), found.get("w1").unwrap(), found.get("mse").unwrap());
    for start in [[-3.0, -1.0], [-10.0, -1.0]] {
        let nearest = |w: &yhat::Array, to: f64| {
            let far = |i: &usize| (w.at(&[*i]) - to).abs();
            (0..w.size()).min_by(|a, b| far(a).total_cmp(&far(b))).unwrap()
        };
        assert!(mse.at(&[nearest(w0, start[0]), nearest(w1, start[1])]) < 0.0, "{start:?}");
    }
}

/// Every tag that is opened is closed, in order.
#[test]
fn the_page_is_well_formed() {
    let mut rest = body().split_once('>').unwrap().1;
    let mut open: Vec<&str> = Vec::new();
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').unwrap();
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name = tag.split([' ', '\n', '/']).next().unwrap();
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed.trim()), "{tag}"),
            None if tag.ends_with('/') || ["br", "input", "hr", "!--"].contains(&name) => {}
            None if name == "script" => rest = rest.split_once("</script>").unwrap().1,
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
