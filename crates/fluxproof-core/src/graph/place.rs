//! A layered layout of our own: layers are columns, an edge over several layers bends at a point in each, barycentres
//! order every column, and two passes settle the heights. The method is Sugiyama's; all numbers are whole, so every
//! machine draws the same.

use std::collections::BTreeMap;

/// The height of a node.
pub(crate) const HEIGHT: i32 = 44;
const GAP: i32 = 14;
/// What an edge takes of a column that it passes.
const PASS: i32 = 6;
const BETWEEN: i32 = 84;
const MARGIN: i32 = 20;
/// Where the first node stands, below the heads of the waves.
const TOP: i32 = 52;
const SWEEPS: usize = 8;

/// A rectangle.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Where everything is.
pub(crate) struct Layout {
    pub(crate) boxes: Vec<Rect>,
    /// For each edge the data of its path.
    pub(crate) paths: Vec<String>,
    /// For each edge the middle of its first part: a place for its label.
    pub(crate) middles: Vec<(i32, i32)>,
    /// The left edge and the width of each column.
    pub(crate) columns: Vec<(i32, i32)>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Nodes, and points where edges pass a column.
struct Net {
    layer: Vec<usize>,
    height: Vec<i32>,
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
    rows: Vec<Vec<usize>>,
    /// For each edge the items that it goes through; only its ends where it does not lead to a later column.
    routes: Vec<Vec<usize>>,
}

/// Places nodes of these widths in these layers.
pub(crate) fn place(layers: &[usize], widths: &[i32], edges: &[(usize, usize)]) -> Layout {
    let mut net = net(layers, edges);
    for sweep in 0..SWEEPS {
        order(&mut net, sweep % 2 == 0);
    }
    let heights = settle(&net);
    draw(&net, widths, &heights)
}

fn net(layers: &[usize], edges: &[(usize, usize)]) -> Net {
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let mut net = Net {
        layer: layers.to_vec(),
        height: vec![HEIGHT; layers.len()],
        left: vec![Vec::new(); layers.len()],
        right: vec![Vec::new(); layers.len()],
        rows: vec![Vec::new(); count],
        routes: Vec::new(),
    };
    layers.iter().enumerate().for_each(|(node, layer)| net.rows[*layer].push(node));
    let mut known = BTreeMap::new();
    for edge in edges {
        let route = route(&mut net, edge.0, edge.1, &mut known);
        net.routes.push(route);
    }
    net
}

/// Edges out of one node share the points that they pass: a trunk instead of a sheaf.
fn route(net: &mut Net, from: usize, to: usize, known: &mut BTreeMap<(usize, usize), usize>) -> Vec<usize> {
    let mut items = vec![from];
    for layer in net.layer[from] + 1..net.layer[to] {
        let last = items[items.len() - 1];
        let item = *known.entry((from, layer)).or_insert_with(|| pass(net, layer));
        join(net, last, item);
        items.push(item);
    }
    if net.layer[to] > net.layer[from] {
        join(net, items[items.len() - 1], to);
    }
    items.push(to);
    items
}

fn pass(net: &mut Net, layer: usize) -> usize {
    let item = net.layer.len();
    net.layer.push(layer);
    net.height.push(PASS);
    net.left.push(Vec::new());
    net.right.push(Vec::new());
    net.rows[layer].push(item);
    item
}

fn join(net: &mut Net, from: usize, to: usize) {
    if net.right[from].last() != Some(&to) {
        net.right[from].push(to);
        net.left[to].push(from);
    }
}

/// One sweep: each column by the mean position of the neighbours in the one before.
fn order(net: &mut Net, rightwards: bool) {
    let mut position = vec![0_usize; net.layer.len()];
    let number =
        |row: &[usize], position: &mut Vec<usize>| row.iter().enumerate().for_each(|(at, item)| position[*item] = at);
    net.rows.iter().for_each(|row| number(row, &mut position));
    for step in 0..net.rows.len() {
        let layer = if rightwards { step } else { net.rows.len() - 1 - step };
        let beside = if rightwards { &net.left } else { &net.right };
        let mean = |item: &usize| match beside[*item].as_slice() {
            [] => position[*item] * 1024,
            all => all.iter().map(|other| position[*other]).sum::<usize>() * 1024 / all.len(),
        };
        let mut keyed: Vec<(usize, usize, usize)> =
            net.rows[layer].iter().map(|item| (mean(item), position[*item], *item)).collect();
        keyed.sort_unstable();
        net.rows[layer] = keyed.into_iter().map(|(_, _, item)| item).collect();
        number(&net.rows[layer], &mut position);
    }
}

/// The middle of each item: near its neighbours, in the order of its column.
fn settle(net: &Net) -> Vec<i32> {
    let mut middle = vec![0; net.layer.len()];
    for row in &net.rows {
        let mut y = 0;
        for item in row {
            middle[*item] = y + net.height[*item] / 2;
            y += net.height[*item] + GAP;
        }
    }
    for sweep in 0..SWEEPS {
        for step in 0..net.rows.len() {
            let layer = if sweep % 2 == 0 { step } else { net.rows.len() - 1 - step };
            pull(net, &net.rows[layer], sweep % 2 == 0, &mut middle);
        }
    }
    let top = (0..middle.len()).map(|item| middle[item] - net.height[item] / 2).min().unwrap_or(0);
    middle.iter().map(|y| y - top + TOP).collect()
}

/// Moves a column towards its neighbours. Pushed down from the top and up from the bottom, both keep the distances, and
/// so does their mean.
fn pull(net: &Net, row: &[usize], rightwards: bool, middle: &mut [i32]) {
    let beside = if rightwards { &net.left } else { &net.right };
    let wish = |item: usize| match beside[item].as_slice() {
        [] => middle[item],
        all => all.iter().map(|other| middle[*other]).sum::<i32>() / i32::try_from(all.len()).unwrap_or(1),
    };
    let mut down: Vec<i32> = row.iter().map(|item| wish(*item)).collect();
    let mut up = down.clone();
    let apart = |one: usize, other: usize| (net.height[one] + net.height[other]) / 2 + GAP;
    for at in 1..row.len() {
        down[at] = down[at].max(down[at - 1] + apart(row[at - 1], row[at]));
    }
    for at in (1..row.len()).rev() {
        up[at - 1] = up[at - 1].min(up[at] - apart(row[at - 1], row[at]));
    }
    for (at, item) in row.iter().enumerate() {
        middle[*item] = (down[at] + up[at]) / 2;
    }
}

fn draw(net: &Net, widths: &[i32], middle: &[i32]) -> Layout {
    let columns = columns(net, widths);
    let rect = |node: usize| {
        let (x, width) = columns[net.layer[node]];
        Rect { x, y: middle[node] - HEIGHT / 2, width, height: HEIGHT }
    };
    let boxes: Vec<Rect> = (0..widths.len()).map(rect).collect();
    let paths = net.routes.iter().map(|route| path(net, &columns, middle, route)).collect();
    let at = |route: &Vec<usize>| {
        let (x, width) = columns[net.layer[route[0]]];
        (x + width + BETWEEN / 2, (middle[route[0]] + middle[route[1]]) / 2)
    };
    let middles = net.routes.iter().map(at).collect();
    let width = columns.last().map_or(0, |(x, width)| x + width) + MARGIN + BETWEEN / 2;
    let height = boxes.iter().map(|b| b.y + b.height).max().unwrap_or(TOP) + MARGIN;
    Layout { boxes, paths, middles, columns, width, height }
}

fn columns(net: &Net, widths: &[i32]) -> Vec<(i32, i32)> {
    let mut x = MARGIN;
    let mut columns = Vec::new();
    for row in &net.rows {
        let width = row.iter().filter_map(|item| widths.get(*item)).copied().max().unwrap_or(0);
        columns.push((x, width));
        x += width + BETWEEN;
    }
    columns
}

/// A line to the right, through the points between; or a bow on the right side, where it does not lead to the right.
fn path(net: &Net, columns: &[(i32, i32)], middle: &[i32], route: &[usize]) -> String {
    let (first, last) = (route[0], route[route.len() - 1]);
    let right = |item: usize| columns[net.layer[item]].0 + columns[net.layer[item]].1;
    let (x, y) = (right(first), middle[first]);
    if net.layer[last] <= net.layer[first] {
        let (to, out) = (right(last), x.max(right(last)) + BETWEEN / 2);
        return format!("M{x} {y}C{out} {y} {out} {0} {to} {0}", middle[last]);
    }
    let mut path = format!("M{x} {y}");
    let mut from = (x, y);
    for item in &route[1..] {
        let (to, y) = (columns[net.layer[*item]].0, middle[*item]);
        let half = (from.0 + to) / 2;
        path.push_str(&format!("C{half} {} {half} {y} {to} {y}", from.1));
        from = (right(*item), y);
        if *item != last {
            path.push_str(&format!("H{}", from.0));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlaps(a: &Rect, b: &Rect) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    #[test]
    fn boxes_never_overlap_and_stay_in_the_picture() {
        let layers: Vec<usize> = (0..60).map(|node| (node * 7) % 5).collect();
        let edges: Vec<(usize, usize)> = (0..200).map(|n| ((n * 13) % 60, (n * 29 + 1) % 60)).collect();
        let layout = place(&layers, &[150; 60], &edges);
        for (at, one) in layout.boxes.iter().enumerate() {
            assert!(
                one.x >= 0 && one.y >= TOP && one.y + one.height <= layout.height && one.x + one.width <= layout.width
            );
            assert!(layout.boxes[..at].iter().all(|other| !overlaps(one, other)), "{at}");
        }
    }

    #[test]
    fn a_sweep_uncrosses_what_can_be_uncrossed() {
        let layout = place(&[0, 0, 1, 1], &[100; 4], &[(0, 3), (1, 2)]);
        assert!((layout.boxes[0].y < layout.boxes[1].y) == (layout.boxes[3].y < layout.boxes[2].y));
        assert_eq!(layout.paths[0].matches('C').count(), 1);
    }

    #[test]
    fn an_edge_over_three_columns_has_a_point_in_each_between() {
        let layout = place(&[0, 1, 2, 3], &[100; 4], &[(0, 3), (3, 0), (1, 1)]);
        assert_eq!(layout.paths[0].matches('H').count(), 2);
        assert_eq!(layout.paths[1].matches('H').count(), 0);
        assert!(place(&[], &[], &[]).boxes.is_empty());
    }
}
