//! The Rules view: the list, and the page of one, as the plugin explains it.
use super::Handle;
use super::code::{Sheet, code};
use super::parts::{icon, mark, prose, severity};
use crate::markdown::{self, Block};
use crate::rule::{Page, Rule};
use crate::state::Action;
use crate::text;
use crate::wire::Severity;
use std::collections::BTreeMap;
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub(crate) fn rules(app: &Handle, example: &Callback<String>) -> Html {
    let query = app.rule_query.to_lowercase();
    let mut groups: BTreeMap<Severity, Vec<&Rule>> = BTreeMap::new();
    for rule in
        app.rules.iter().filter(|rule| format!("{} {}", rule.name, rule.summary).to_lowercase().contains(&query))
    {
        groups.entry(rule.severity).or_default().push(rule);
    }
    let oninput = {
        let dispatcher = app.dispatcher();
        Callback::from(move |event: InputEvent| {
            dispatcher.dispatch(Action::RuleQuery(event.target_unchecked_into::<HtmlInputElement>().value()))
        })
    };
    html! {
        <div class="v-rules">
            <nav class="rlist" aria-labelledby="rn-h">
                <div class="pane-h"><h2 id="rn-h">{ "Rules" }</h2><span class="num">{ app.rules.len() }</span></div>
                <div class="filters"><div class="find"><label class="vh" for="rq">{ "Search the rules" }</label>{ icon("search") }<input id="rq" type="search" placeholder="Search the rules" spellcheck="false" autocomplete="off" value={app.rule_query.clone()} {oninput} /></div></div>
                <div class="scroll" tabindex="0" role="region" aria-label="Rules, by severity">
                    { for groups.iter().map(|(severity, rules)| group(app, *severity, rules)) }
                    { for groups.is_empty().then(|| html! { <p class="none">{ "No rule matches." }</p> }) }
                </div>
            </nav>
            { page(app, example) }
        </div>
    }
}

fn group(app: &Handle, severity: Severity, rules: &[&Rule]) -> Html {
    let link = |rule: &&Rule| {
        let current = (app.rule == rule.name).then_some("page");
        html! { <li key={rule.name.clone()}><a href={format!("#rules/{}", rule.name)} aria-current={current}><code>{ &rule.name }</code></a></li> }
    };
    html! {
        <section key={severity as u8}>
            <h3>{ text::severity(severity) }{ " " }<span class="num">{ rules.len() }</span></h3>
            <ul>{ for rules.iter().map(link) }</ul>
        </section>
    }
}

fn page(app: &Handle, example: &Callback<String>) -> Html {
    let rule = app.rules.iter().find(|rule| rule.name == app.rule);
    let Some(rule) = rule else {
        return html! { <article class="rule" aria-labelledby="ru-h"><div class="prose"><h1 id="ru-h">{ "No such rule" }</h1><p class="lead">{ format!("There is no rule called {}. The list names all there are.", app.rule) }</p></div></article> };
    };
    let text = app.page.as_ref().filter(|page| page.name == rule.name);
    html! {
        <article class="rule" aria-labelledby="ru-h">
            <div class="prose">
                <h1 id="ru-h"><code>{ &rule.name }</code></h1>
                <p class="lead">{ prose(&rule.summary) }</p>
                <dl class="facts3"><div><dt>{ "Severity" }</dt><dd><span class="sev">{ mark(severity(rule.severity)) }{ text::severity(rule.severity) }</span></dd></div></dl>
                { for text.map(|page| body(page, example)) }
            </div>
        </article>
    }
}

/// The page below its title, which stands above already.
fn body(page: &Page, example: &Callback<String>) -> Html {
    let first = markdown::examples(&page.text).first().map(|(title, _)| *title);
    let blocks = markdown::blocks(&page.text).into_iter().filter(|block| !matches!(block, Block::Heading(1, _)));
    let open = example.reform({
        let name = page.name.clone();
        move |_: MouseEvent| name.clone()
    });
    let one = |one: Block<'_>| match one {
        Block::Heading(2, title) if Some(title) == first => html! {
            <div class="sec-h ex-h"><h2>{ title.to_owned() }</h2><button class="btn sm" type="button" onclick={open.clone()}>{ text::CHECK_EXAMPLE }</button></div>
        },
        other => block(other),
    };
    html! { <>{ for blocks.map(one) }</> }
}

fn block(block: Block<'_>) -> Html {
    match block {
        Block::Heading(2, title) => html! { <h2>{ title.to_owned() }</h2> },
        Block::Heading(_, title) => html! { <h3>{ title.to_owned() }</h3> },
        Block::Text(text) => html! { <p>{ prose(&text) }</p> },
        Block::Item(text) => {
            html! { <p class="item">{ prose(&text) }</p> }
        }
        Block::Row(cells) => {
            html! { <p class="item">{ for cells.into_iter().map(|cell| html! { <>{ prose(cell) }{ "  " }</> }) }</p> }
        }
        Block::Code(info, text) => {
            let file = markdown::file(info).map(str::to_owned);
            let yaml = info.starts_with("yaml");
            html! { <figure>{ for file.map(|file| html! { <figcaption><code>{ file }</code></figcaption> }) }{ code(&Sheet { yaml, ..Sheet::new(&text, "Example") }) }</figure> }
        }
    }
}
