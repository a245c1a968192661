//! Figures in every form they take.

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
    let spec = told(&fragment);
    assert_eq!(spec["panels"].as_array().unwrap().len(), 4);
    assert!(fragment.contains("id=\"all\"") && fragment.contains("aria-label=\"four panels\""));
    assert!(fragment.contains("26 / 50"), "a long table says what it leaves out");
    let page = figure.to_page().unwrap();
    assert_eq!(page.matches("plotly.js (gl3d").count(), 1);
    assert!(page.len() > html::bundle().len());
    // Nothing in the description may end the script that it is in.
    let mut sly = Figure::new();
    sly.axes().plot([0.0], [0.0], ".").title("</script><script>alert(1)</script>");
    assert!(!sly.to_html().unwrap().contains("<script>alert"));
}

/// The description that the page's script is given.
fn told(fragment: &str) -> serde_json::Value {
    let start = fragment.find("application/json\">").unwrap() + "application/json\">".len();
    let end = fragment[start..].find("</script>").unwrap() + start;
    serde_json::from_str(&fragment[start..end]).unwrap()
}

#[test]
fn a_page_has_the_ticks_of_the_svg() {
    let figure = everything();
    let (svg, spec) = (figure.to_svg().unwrap(), told(&figure.to_html().unwrap()));
    for panel in spec["panels"].as_array().unwrap() {
        for axis in panel["axes"].as_array().unwrap() {
            let (at, labels) = (axis["at"].as_array().unwrap(), axis["labels"].as_array().unwrap());
            assert!(at.len() >= 2 && at.len() == labels.len(), "{axis}");
            assert!(labels.iter().all(|label| svg.contains(&format!(">{}</text>", label.as_str().unwrap()))), "{axis}");
        }
    }
    assert_eq!(spec["panels"][0]["axes"][0]["labels"][0], "0.0");
    let mut loss = Figure::new();
    loss.axes().plot([1.0, 2.0, 3.0], [3.0, 0.5, 0.2], "").yscale("log");
    let axis = &told(&loss.to_html().unwrap())["panels"][0]["axes"][1];
    let labels: Vec<&str> = axis["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    assert_eq!(
        labels,
        ["10⁰", "2×10⁻¹", "3×10⁻¹", "4×10⁻¹", "6×10⁻¹", "2×10⁰", "3×10⁰"],
        "one power alone would tell nothing"
    );
    assert_eq!(axis["short"].as_array().unwrap().len(), 4);
}

/// A script gets the numbers back to a part in 100,000 of the axis.
#[test]
fn numbers_are_told_shortly_and_exactly() {
    let y: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.37).sin() * 1.7).collect();
    let x: Vec<f64> = (0..200).map(|i| f64::from(i * i)).collect();
    let mut figure = Figure::new();
    figure.axes().plot(&x, &y, ".");
    let spec = told(&figure.to_html().unwrap());
    assert_eq!(spec["arrays"][0].as_array().unwrap()[3], 9, "whole numbers are as they are");
    let array = &spec["arrays"][1];
    let by = array["by"].as_f64().unwrap();
    for (given, sent) in y.iter().zip(array["of"].as_array().unwrap()) {
        assert!((given - sent.as_i64().unwrap() as f64 / by).abs() < 1e-5 * 3.4, "{given} {sent}");
    }
}

#[test]
fn artists_over_the_same_x_share_a_table() {
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    let mut figure = Figure::new();
    figure.data_table().axes().plot(&x, &x, ".").plot(&x, &x, Style::new("").label("a < b")).plot(&x, &x, "r");
    figure.axes().plot([0.0, 50.0], [1.0, 2.0], "k");
    let html = figure.to_html().unwrap();
    let heads = |i: usize| html.split("<thead>").nth(i).unwrap().split("</thead>").next().unwrap();
    let head = |name: &str| format!("<th scope=\"col\">{name}</th>");
    assert_eq!(heads(1), format!("<tr>{}{}{}{}</tr>", head("x"), head("y"), head("a &lt; b"), head("y2")));
    assert_eq!(heads(2), format!("<tr>{}{}</tr>", head("x"), head("y")));
    let first = html.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    assert!(first.contains("<td>99</td>") && first.contains("<td>3</td>") && !first.contains("<td>4</td>"));
    assert!(first.ends_with("34 / 100</td></tr>\n"), "{first}");
}

#[test]
fn a_bar_says_which_colour_is_which_height() {
    let grid = Array::new([3, 4], (0..12).map(f64::from).collect()).unwrap();
    let mut figure = Figure::new();
    let flat = figure.size(9.0, 4.0).subplot(1, 2, 1);
    flat.contourf([0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0], &grid, [0.0, 5.0, 10.0], "").colorbar();
    let solid = figure.subplot_3d(1, 2, 2);
    let style = Style::new("").cmap("coolwarm").alpha(0.5);
    solid.plot_surface([0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0], &grid, style).scatter(0.0, 0.0, 0.0, "").colorbar();
    let svg = figure.to_svg().unwrap();
    assert!(roxmltree::Document::parse(&svg).is_ok());
    let stops = |i: usize| {
        svg.split("<linearGradient").nth(i).unwrap().split("</linearGradient>").next().unwrap().matches("<stop").count()
    };
    assert_eq!((stops(1), stops(2)), (4, 17), "two bands with an edge between them; a colour map");
    let spec = told(&figure.to_html().unwrap());
    let (bands, smooth) = (&spec["panels"][0]["bar"], &spec["panels"][1]["bar"]);
    assert_eq!(bands["axis"]["range"], serde_json::json!([0, 10]));
    assert_eq!(bands["stops"][1], serde_json::json!([0.5, bands["stops"][0][1]]));
    assert_eq!((&smooth["stops"][16][0], &smooth["alpha"]), (&serde_json::json!(1.0), &serde_json::json!(0.5)));
    assert_eq!(smooth["axis"]["range"], serde_json::json!([0, 11]));
    // The panel makes room for it: four fifths of its cell.
    let width = |panel: &serde_json::Value| panel["x"][1].as_f64().unwrap() - panel["x"][0].as_f64().unwrap();
    assert!((width(&spec["panels"][0]) - 0.8 * 0.775 / 2.2).abs() < 1e-3);
    let text = figure.to_terminal(100).unwrap();
    assert!(text.contains("colours: 0.00 to 10.00") && text.contains("colours: 0.00 to 11.00"), "{text}");
    assert!(figure.to_png(1.0).is_ok());
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
    let spec = told(&fragment);
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
fn a_notebook_cell_is_html_and_text() {
    let parts = |cell: String| {
        let (html, text) = cell.split_once("\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/plain\n").unwrap();
        let html = html.strip_prefix("EVCXR_BEGIN_CONTENT text/html\n").unwrap();
        (html.to_string(), text.strip_suffix("\nEVCXR_END_CONTENT").unwrap().to_string())
    };
    let (html, text) = parts(everything().notebook_cell());
    assert_eq!((html, text), (everything().to_svg().unwrap(), everything().to_terminal(100).unwrap()));
    let (html, text) = parts(growing(Mode::Loop).notebook_cell());
    assert!(html.contains("<iframe srcdoc=") && text.contains("frame 5"), "{text}");
    let (html, text) = parts(Figure::new().notebook_cell());
    assert!(html.starts_with("<pre>an empty figure") && text.starts_with("an empty figure"));
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
