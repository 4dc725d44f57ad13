//! stub
use crate::article::Article;
pub fn text(text: &str) -> Article {
    Article { body: text.to_owned(), ..Article::default() }
}
