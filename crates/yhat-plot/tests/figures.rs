//! Figures in every form they take, and every mistake that can be made with them.

use insta::assert_snapshot;
use yhat_plot::{Animation, Figure, Mode, Style, Terminal, Theme, html};
use yhat_tensor::Array;

fn line() -> (Vec<f64>, Vec<f64>) {
    let x: Vec<f64> = (0..50).map(|i| f64::from(i) / 49.0).collect();
    let y = x.iter().map(|x| x * x).collect();
    (x, y)
}

/// A panel of each kind, with all that can be drawn.
fn everything() -> Figure {
    let (x, y) = line();
    let grid = Array::new([3, 4], (0..12).map(|i| f64::from(i * i)).collect()).unwrap();
    let mut figure = Figure::new();
    figure.size(9.0, 6.0).suptitle("all & <every> \"thing\" \u{1}, 한글").alt("four panels").id("all").data_table();
    let a = figure.subplot(2, 2, 1);
    a.plot(&x, &y, Style::new("C1o-").label("a <line>").id("fit")).plot(&x, &x, Style::new(",").alpha(0.5)).legend();
    a.text(0.1, 0.8, "a & b", "").axhline(0.5, ":").axvline(0.5, "-.k").grid().xlabel("x").ylabel("y");
    for (i, marker) in [".", "*", "s", "^", "v", "d", "+", "x"].into_iter().enumerate() {
        a.plot([i as f64 / 8.0], [0.3], marker);
    }
    figure.subplot(2, 2, 2).contourf([0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0], &grid, 5, "").contour(
        [0.0, 1.0, 2.0],
        [0.0, 1.0, 2.0, 3.0],
        &grid,
        [10.0, 50.0],
        "k",
    );
    let c = figure.subplot(2, 2, 3);
    c.bar([1, 2, 3], [3.0, -1.0, 2.0], "").stackplot([0, 1, 2], [[1, 2], [2, 1], [1, 1]], &["u", "v"]);
    c.fill_between([0, 1], [0, 0], [1, 2], Style::new("").alpha(0.3));
    let solid = figure.subplot_3d(2, 2, 4);
    solid.plot_surface([0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0], &grid, Style::new("").cmap("viridis").alpha(0.8));
    solid
        .scatter([0.0, 1.0], [1.0, 2.0], [5.0, 9.0], "r*")
        .plot([0.0, 2.0], [0.0, 3.0], [0.0, 9.0], "--")
        .title("solid");
    figure
}

#[test]
fn svg_is_well_formed_and_says_what_it_is() {
    let figure = everything();
    for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
        let svg = figure.to_svg_on(theme).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")));
        let text = |name: &str| root.children().find(|n| n.has_tag_name(name)).and_then(|n| n.text()).unwrap();
        assert_eq!(text("desc"), "four panels");
        assert_eq!(text("title"), "all & <every> \"thing\" \u{fffd}, 한글");
        assert!(root.descendants().any(|n| n.attribute("data-id") == Some("fit")));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        // A variable of the theme is named where the theme is open, and nowhere else.
        assert_eq!(svg.contains("var(--y-ink)"), theme == Theme::Auto);
    }
}

#[test]
fn a_small_figure_as_svg() {
    let mut figure = Figure::new();
    figure.size(3.0, 2.0).alt("Three points and a line.");
    figure
        .axes()
        .plot([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0], ".")
        .plot([-1.0, 1.0], [0.0, 1.0], Style::new("--r").id("l"))
        .title("fit");
    assert_snapshot!(figure.to_svg().unwrap());
}

#[test]
fn points_are_where_they_belong() {
    let mut figure = Figure::new();
    // Without margins the panel's corners are the data's; its rectangle is matplotlib's default.
    figure.axes().plot([0.0, 10.0], [0.0, 5.0], "r").xlim(0.0, 10.0).ylim(0.0, 5.0);
    let svg = figure.to_svg_on(Theme::Light).unwrap();
    let (left, bottom, width, height) = (0.125 * 460.8, 0.89 * 345.6, 0.775 * 460.8, 0.77 * 345.6);
    let d = svg.lines().find(|l| l.contains("stroke=\"#ff0000\"")).unwrap().split('"').nth(1).unwrap();
    let numbers: Vec<f64> =
        d.replace(['M', 'l'], " ").replace('-', " -").split_whitespace().map(|n| n.parse().unwrap()).collect();
    for (ours, wanted) in numbers.iter().zip([left, bottom, width, -height]) {
        assert!((ours - wanted).abs() < 0.02, "{d}: {ours} is not {wanted}");
    }
}

#[test]
fn gaps_are_gaps() {
    let mut figure = Figure::new();
    figure.axes().plot([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, f64::NAN, 1.0, f64::INFINITY], "r");
    let svg = figure.to_svg_on(Theme::Light).unwrap();
    let d = svg.lines().find(|l| l.contains("#ff0000")).unwrap();
    assert_eq!(d.matches('M').count(), 1, "one piece is a line, the lone point after the gap is none: {d}");
    let html = figure.to_html().unwrap();
    assert!(html.contains("[0,1,null,1,null]"), "{html}");
}

#[test]
fn a_matrix_is_a_line_for_each_column() {
    let mut figure = Figure::new();
    figure.axes().plot([0.0, 1.0], [[0.0, 1.0], [1.0, 0.0]], "--").plot(Array::zeros([2, 1]), Array::ones([2, 1]), "");
    let svg = figure.to_svg_on(Theme::Light).unwrap();
    for color in ["#1f77b4", "#ff7f0e", "#2ca02c"] {
        assert_eq!(svg.matches(color).count(), 1, "{color}");
    }
}

#[test]
fn a_page_holds_everything_once() {
    let figure = everything();
    let fragment = figure.to_html().unwrap();
    let start = fragment.find("application/json\">").unwrap() + "application/json\">".len();
    let end = fragment[start..].find("</script>").unwrap() + start;
    let spec: serde_json::Value = serde_json::from_str(&fragment[start..end]).unwrap();
    assert_eq!(spec["panels"].as_array().unwrap().len(), 4);
    assert!(fragment.contains("id=\"all\"") && fragment.contains("aria-label=\"four panels\""));
    assert!(fragment.contains("… 40 of 50 rows"), "a long table says what it leaves out");
    let page = figure.to_page().unwrap();
    assert_eq!(page.matches("plotly.js (gl3d").count(), 1);
    assert!(page.len() > html::bundle().len());
    // Nothing in the description may end the script that it is in.
    let mut sly = Figure::new();
    sly.axes().plot([0.0], [0.0], ".").title("</script><script>alert(1)</script>");
    assert!(!sly.to_html().unwrap().contains("<script>alert"));
}

fn growing(mode: Mode) -> Animation {
    let (x, y) = line();
    let mut figure = Figure::new();
    figure.size(2.0, 1.5).axes().plot(&x, &y, ".").plot(&x, &y, Style::new("r").id("moving"));
    Animation::new(&figure, 6, |figure, i| {
        figure.axes().set_data("moving", &x, x.iter().map(|x| x * i as f64).collect::<Vec<_>>());
        figure.axes().plot([0.5], [i as f64], "ko").title(format!("frame {i}"));
    })
    .mode(mode)
}

#[test]
fn frames_share_what_stays() {
    let fragment = growing(Mode::Loop).to_html().unwrap();
    let start = fragment.find("application/json\">").unwrap() + "application/json\">".len();
    let end = fragment[start..].find("</script>").unwrap() + start;
    let spec: serde_json::Value = serde_json::from_str(&fragment[start..end]).unwrap();
    assert_eq!(spec["still"].as_array().unwrap().len(), 2, "the points, and the mark of the first frame");
    assert_eq!(spec["moving"].as_array().unwrap().len(), 6 + 5, "a line a frame, and the marks of the later ones");
    let frames = spec["frames"].as_array().unwrap();
    let counts: Vec<usize> = frames.iter().map(|f| f["a"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [1, 2, 3, 4, 5, 6]);
    assert_eq!(frames[3]["t"][0], "frame 3");
    // Axes suit the highest frame, from the first on.
    let top = spec["panels"][0]["axes"][1]["range"][1].as_f64().unwrap();
    assert!((5.0..6.0).contains(&top), "{top}");
    assert_eq!(growing(Mode::Loop).frames(), 6);
    assert!(growing(Mode::Loop).frame(6).is_none());
}

#[test]
fn png_has_ink() {
    let png = everything().to_png(1.0).unwrap();
    let picture = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (900, 600));
    let dark = picture.pixels().iter().filter(|p| p.red() < 100).count();
    let white = picture.pixels().iter().filter(|p| (p.red(), p.green(), p.blue()) == (255, 255, 255)).count();
    assert!(dark > 5_000 && white > 200_000, "{dark} dark, {white} white");
    // Letters are drawn: without the title, there is less ink in the strip above.
    let strip = |figure: &Figure| {
        let picture = resvg::tiny_skia::Pixmap::decode_png(&figure.to_png(1.0).unwrap()).unwrap();
        picture.pixels()[..640 * 50].iter().filter(|p| p.red() < 128).count()
    };
    let mut plain = Figure::new();
    plain.axes().plot([0.0, 1.0], [0.0, 1.0], "");
    let without = strip(&plain);
    plain.suptitle("Title");
    assert!(strip(&plain) > without + 50);
}

#[test]
fn gif_has_all_frames() {
    for (mode, frames, repeat) in [
        (Mode::Loop, 6, gif::Repeat::Infinite),
        (Mode::Reflect, 10, gif::Repeat::Infinite),
        (Mode::Once, 6, gif::Repeat::Finite(0)),
    ] {
        let bytes = growing(mode).interval(120.0).to_gif(1.0).unwrap();
        let mut decoder = gif::DecodeOptions::new().read_info(bytes.as_slice()).unwrap();
        assert_eq!((decoder.width(), decoder.height()), (200, 150));
        let palette = decoder.global_palette().unwrap().to_vec();
        assert!(palette.chunks(3).any(|c| c == [255, 255, 255]), "paper is white");
        let mut seen = 0;
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            assert_eq!(frame.delay, 12);
            assert!(seen == 0 || usize::from(frame.width) * usize::from(frame.height) < 200 * 150);
            seen += 1;
        }
        assert_eq!((seen, decoder.repeat()), (frames, repeat), "{mode:?}");
    }
}

#[test]
fn a_terminal_shows_it() {
    let (x, y) = line();
    let mut figure = Figure::new();
    figure
        .axes()
        .plot(&x, &y, Style::new("").label("x squared"))
        .plot([0.5], [0.9], "k*")
        .title("squares")
        .xlabel("x")
        .legend();
    assert_snapshot!(figure.to_terminal(Terminal::columns(50)).unwrap());
    for columns in [28, 60, 100, 150] {
        let text = everything().to_terminal(columns).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{columns}\n{text}");
        assert!(!text.contains('\x1b') && text.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)));
    }
    let colored = everything().to_terminal(Terminal::columns(100).color(true)).unwrap();
    assert!(colored.contains("\x1b[38;2;255;127;14m"));
    let bare: String = colored.split('\x1b').map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect();
    assert!(bare.lines().all(|line| line.chars().count() <= 100), "colours take no room");
}

#[test]
fn a_notebook_cell_is_html() {
    let cell = everything().notebook_cell();
    assert!(cell.starts_with("EVCXR_BEGIN_CONTENT text/html\n<svg") && cell.ends_with("</svg>\n\nEVCXR_END_CONTENT"));
    assert!(growing(Mode::Loop).notebook_cell().contains("<iframe srcdoc="));
    assert!(Figure::new().notebook_cell().contains("an empty figure"));
}

#[test]
fn files_are_whole_or_not_there() {
    let folder = std::env::temp_dir().join(format!("yhat-plot-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, start) in [("a.svg", "<svg"), ("a.html", "<!DOCTYPE html>"), ("a.png", "\u{fffd}PNG"), ("a.TXT", " ")] {
        everything().save(folder.join(name)).unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert!(String::from_utf8_lossy(&bytes).starts_with(start), "{name}");
    }
    growing(Mode::Loop).save(folder.join("a.gif")).unwrap();
    assert_eq!(&std::fs::read(folder.join("a.gif")).unwrap()[..6], b"GIF89a");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 5, "nothing unfinished is left");
    let nowhere = everything().save(folder.join("no/such/a.svg")).unwrap_err().to_string();
    assert!(nowhere.starts_with("can't write ") && nowhere.contains("no/such/a.svg: No such file"), "{nowhere}");
    assert!(everything().save(&folder).is_err(), "a folder is no file");
    std::fs::remove_dir_all(&folder).unwrap();
}

fn quiet<T>(_: T) {}

/// What a figure says that was described by `f`.
fn said(f: impl FnOnce(&mut Figure)) -> String {
    let mut figure = Figure::new();
    f(&mut figure);
    let error = figure.to_svg().unwrap_err().to_string();
    for other in
        [figure.to_html().err(), figure.to_terminal(80).err(), figure.to_png(1.0).err(), figure.to_page().err()]
    {
        assert_eq!(other.map(|e| e.to_string()), Some(error.clone()), "all forms say the same");
    }
    error
}

#[test]
fn mistakes() {
    let nan = [f64::NAN; 2];
    let ramp = Array::new([2, 3], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    let mut all = Vec::new();
    let mut say = |f: &dyn Fn(&mut Figure)| all.push(said(f));
    say(&|_| {});
    say(&|f| quiet(f.axes().title("only a title")));
    say(&|f| quiet(f.axes().plot([1.0, 2.0], [1.0, 2.0, 3.0], "").plot([1.0], [1.0, 2.0], "")));
    say(&|f| quiet(f.axes().plot([[1.0, 2.0]], [1.0], "")));
    say(&|f| quiet(f.axes().plot([1.0], Array::zeros([1, 1, 1]), "")));
    say(&|f| quiet(f.axes().plot(Vec::<f64>::new(), Vec::<f64>::new(), "")));
    say(&|f| quiet(f.axes().plot([1.0, 2.0], nan, "")));
    say(&|f| quiet(f.axes().plot([f64::NAN, 1.0], [1.0, f64::NAN], "")));
    for style in ["--q", "--R", "r-r", "solid", "о", "C", "..", "-- r"] {
        all.push(said(|f| quiet(f.axes().plot([1.0], [1.0], style))));
    }
    let mut say = |f: &dyn Fn(&mut Figure)| all.push(said(f));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").color("rde"))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").color("#12345"))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").alpha(1.5))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").linewidth(0.0))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").s(-1.0))));
    say(&|f| quiet(f.axes_3d().plot_surface([0, 1], [0, 1, 2], &ramp, Style::new("").cmap("virdis"))));
    say(&|f| quiet(f.axes().plot([0.0, 1.0], [1.0, 2.0], "").xscale("log")));
    say(&|f| quiet(f.axes().plot([1.0, 2.0], [1.0, 2.0], "").yscale("log").ylim(-1.0, 3.0)));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], "").yscale("logarithmic")));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], "").xlim(1.0, 1.0)));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], "").legend_at("uper left")));
    say(&|f| quiet(f.axes().axhline(f64::NAN, "")));
    say(&|f| quiet(f.axes().contour([0, 1, 2], [0, 1], &ramp, 5, "")));
    say(&|f| quiet(f.axes().contour([0, 0], [0, 1, 2], &ramp, 5, "")));
    say(&|f| quiet(f.axes().contour([0, 1], [0, 1, 2], &ramp, 0, "")));
    say(&|f| quiet(f.axes().contourf([0, 1], [0, 1, 2], &ramp, [1.0], "")));
    say(&|f| quiet(f.axes_3d().plot_surface([0.0], [1.0, 2.0], [[1.0, 2.0]], "")));
    say(&|f| quiet(f.axes_3d().scatter([0.0], [1.0, 2.0], [1.0], "")));
    say(&|f| quiet(f.axes_3d().scatter([0.0], [1.0], [1.0], "").elev(f64::NAN)));
    say(&|f| quiet(f.axes().stackplot([0, 1], [[1, 2], [1, 2]], &["a"])));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").id("fit")).set_data("fti", [1.0], [2.0])));
    say(&|f| quiet(f.subplot(2, 2, 5).plot([1.0], [1.0], "")));
    say(&|f| quiet(f.subplot(2, 0, 1).plot([1.0], [1.0], "")));
    assert_snapshot!(all.join("\n"));
}

#[test]
fn mistakes_say_where_they_are() {
    let mut figure = Figure::new();
    let [[_, right]] = figure.subplots::<1, 2>();
    right.title("fit").plot([1.0], [1.0], "--q");
    assert_eq!(figure.to_svg().unwrap_err().to_string(), "panel 2 'fit': unknown style '--q'; did you mean '--r'?");
    let mut first = Figure::new();
    first.axes().plot([1.0], [1.0], "");
    let wrong =
        Animation::new(&first, 3, |figure, i| quiet((i == 2).then(|| figure.axes().plot([1.0], [f64::NAN], ""))));
    let error = wrong.to_html().unwrap_err().to_string();
    assert_eq!(error, "frame 2: plot(x, y): nothing to draw: y is NaN or infinite throughout");
    assert_eq!(wrong.to_gif(1.0).unwrap_err().to_string(), error);
    let none = Animation::new(&first, 0, |_, _| {}).to_html().unwrap_err().to_string();
    assert_eq!(none, "Animation::new(figure, frames, animate): expected at least one frame, got 0");
    let still = Animation::new(&first, 1, |_, _| {}).interval(f64::NAN).to_html().unwrap_err().to_string();
    assert_eq!(still, "interval(milliseconds): expected a number from 1 on, got NaN");
    assert_eq!(
        first.to_png(0.0).unwrap_err().to_string(),
        "to_png(scale): expected a number above 0, at most 20, got 0"
    );
    let narrow = first.to_terminal(5).unwrap_err().to_string();
    assert_eq!(narrow, "to_terminal(columns): expected 28 columns or more, got 5");
    let mut both = Figure::new();
    both.axes().plot([1.0], [1.0], "");
    both.axes_3d().scatter(1.0, 1.0, 1.0, "");
    assert!(both.to_svg().unwrap_err().to_string().contains("one kind of panel"));
}

/// Extreme numbers give pictures or errors, never a panic.
#[test]
fn extreme_numbers() {
    for (low, high) in
        [(1e300, 1.7e308), (-1e-310, 1e-310), (1.0, 1.0 + f64::EPSILON), (-1.7e308, 1.7e308), (0.0, 5e-324)]
    {
        for log in [false, true] {
            let mut figure = Figure::new();
            figure.axes().plot([low, high], [low, high], "o-").yscale(if log { "log" } else { "linear" });
            figure.subplot_3d(1, 2, 2).scatter([low, high], [low, high], [low, high], "");
            let _ = (figure.to_svg(), figure.to_html(), figure.to_terminal(80));
        }
    }
}
