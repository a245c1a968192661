//! Source code as HTML, with its words, comments, texts and numbers told apart.

use super::escaped;

const RUST: &[&str] = &[
    "as", "const", "else", "enum", "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move",
    "mut", "pub", "ref", "return", "self", "Self", "static", "struct", "true", "use", "where", "while",
];
const PYTHON: &[&str] = &[
    "and", "as", "def", "elif", "else", "False", "for", "from", "if", "import", "in", "is", "lambda", "None", "not",
    "or", "return", "True", "while", "with",
];

/// Rust.
pub fn rust(source: &str) -> String {
    marked("rust", source, "//", RUST)
}

/// Python.
pub fn python(source: &str) -> String {
    marked("python", source, "#", PYTHON)
}

fn marked(language: &str, source: &str, comment: &str, keywords: &[&str]) -> String {
    let mut html = format!("<pre class=\"source\" tabindex=\"0\"><code class=\"{language}\">");
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with(comment) => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => text(rest, first),
            c if c.is_alphanumeric() || c == '_' => {
                let number = c.is_ascii_digit();
                let inside = |c: char| c.is_alphanumeric() || c == '_' || (number && c == '.');
                let length = rest.find(|c: char| !inside(c)).unwrap_or(rest.len());
                // The two dots of a range are not part of the number before them.
                rest[..length].find("..").unwrap_or(length)
            }
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let class = match first {
            _ if token.starts_with(comment) => "c",
            '"' | '\'' if length > 1 => "s",
            c if c.is_ascii_digit() => "n",
            _ if keywords.contains(&token) => "k",
            _ => "",
        };
        match class {
            "" => html.push_str(&escaped(token)),
            class => html.push_str(&format!("<span class=\"{class}\">{}</span>", escaped(token))),
        }
        rest = after;
    }
    html + "</code></pre>"
}

/// The length of a text in quotes; of the quote alone if it is not closed in its line, as that of a lifetime is not.
fn text(rest: &str, quote: char) -> usize {
    let mut escape = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return 1,
            _ if escape => escape = false,
            '\\' => escape = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_nothing_is_lost() {
        let html = rust("let x: &'a str = \"a // b\"; // 1 < 2\nf(1.5, 0..10, b\"\")");
        assert!(html.contains("<span class=\"k\">let</span> x: &amp;'a str"), "{html}");
        assert!(html.contains("<span class=\"s\">&quot;a // b&quot;</span>"), "{html}");
        assert!(html.contains("<span class=\"c\">// 1 &lt; 2</span>"), "{html}");
        assert!(html.contains("<span class=\"n\">1.5</span>"), "{html}");
        assert!(html.contains("<span class=\"n\">0</span>..<span class=\"n\">10</span>"), "{html}");
        assert!(python("x = 'r' # c").contains("<span class=\"c\"># c</span>"));
    }
}
