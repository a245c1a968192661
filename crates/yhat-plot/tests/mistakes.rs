//! Every mistake that can be made with a figure, and what is said to it.

use insta::assert_snapshot;
use yhat_plot::{Animation, Figure, Style};
use yhat_tensor::Array;

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
    say(&|f| quiet(f.axes().fill_between([0, 1], [0, 0, 0], [1, 2], "")));
    say(&|f| quiet(f.axes().bar([0, 1], [1], "")));
    say(&|f| quiet(f.axes().axvline(f64::INFINITY, "")));
    say(&|f| quiet(f.axes().text(f64::NAN, 0.0, "here", "")));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").alpha(f64::NAN))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").markersize(f64::NAN))));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], Style::new("").cmap("viridis"))));
    say(&|f| quiet(f.axes().bar([1.0, 2.0], [0.0, 1.0], "").yscale("log")));
    say(&|f| quiet(f.axes().plot([1.0], [1.0], "").colorbar()));
    say(&|f| quiet(f.axes_3d().plot_surface([0, 1], [0, 1, 2], &ramp, "").colorbar()));
    say(&|f| quiet(f.axes_3d().plot_surface([0, 1], [0, 1, 2], Array::full([2, 3], f64::NAN), "")));
    say(&|f| quiet(f.axes_3d().plot_surface(&ramp, &ramp, &ramp, "")));
    say(&|f| quiet(f.axes_3d().scatter(nan, nan, nan, "")));
    say(&|f| quiet(f.axes_3d().scatter(0.0, 0.0, 0.0, "").zlim(1.0, 1.0)));
    say(&|f| quiet(f.axes_3d().scatter(0.0, 0.0, 0.0, "").set_data("path", 0.0, 0.0, 0.0)));
    say(&|f| quiet(f.size(0.0, 4.8).axes().plot([1.0], [1.0], "")));
    assert_snapshot!(all.join("\n"));
}

#[test]
fn files_that_can_not_be() {
    let mut figure = Figure::new();
    figure.axes().plot([1.0], [1.0], Style::new("").id("p"));
    let moving = Animation::new(&figure, 2, |figure, i| quiet(figure.axes().set_data("p", [1.0], [i as f64])));
    let said = [
        figure.save("figure").unwrap_err(),
        figure.save("figure.pdf").unwrap_err(),
        moving.save("figure.svg").unwrap_err(),
        figure.save("no/such/folder/figure.svg").unwrap_err(),
        Figure::new().save("figure.svg").unwrap_err(),
        moving.to_gif(0.0).unwrap_err(),
    ];
    assert_snapshot!(said.map(|error| error.to_string()).join("\n"));
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
