//! The order of declarations: each behind those that it needs, where that is possible.

use super::{Body, Declaration, Kind, Type};

/// Puts each declaration behind those that it needs.
pub fn ordered(read: Vec<Declaration>) -> Vec<Declaration> {
    let needs: Vec<Vec<usize>> = read.iter().map(needed).collect();
    let mut order = Vec::with_capacity(read.len());
    let mut seen = vec![false; read.len()];
    for start in 0..read.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, 0usize)];
        while let Some((place, at)) = path.last_mut() {
            match needs[*place].get(*at) {
                Some(&next) => {
                    *at += 1;
                    if !std::mem::replace(&mut seen[next], true) {
                        path.push((next, 0));
                    }
                }
                None => {
                    order.push(*place);
                    path.pop();
                }
            }
        }
    }
    let mut new_place = vec![0; read.len()];
    for (new, old) in order.iter().enumerate() {
        new_place[*old] = new;
    }
    let mut old: Vec<Option<Declaration>> = read.into_iter().map(Some).collect();
    let mut declarations: Vec<Declaration> = order
        .iter()
        .filter_map(|place| old[*place].take())
        .collect();
    for (place, declaration) in declarations.iter_mut().enumerate() {
        let mut ahead = false;
        let mut move_to = |target: &mut usize| {
            *target = new_place[*target];
            ahead |= *target >= place;
        };
        match &mut declaration.body {
            Body::Object { fields, .. } => {
                for field in fields {
                    each_name(&mut field.kind, &mut move_to);
                }
            }
            Body::Alias(kind) => each_name(kind, &mut move_to),
        }
        declaration.looks_ahead = ahead;
    }
    declarations
}

fn needed(declaration: &Declaration) -> Vec<usize> {
    let mut needed = Vec::new();
    let mut add = |kind: &Type| {
        each_name(&mut kind.clone(), &mut |place| needed.push(*place));
    };
    match &declaration.body {
        Body::Object { fields, .. } => fields.iter().for_each(|field| add(&field.kind)),
        Body::Alias(kind) => add(kind),
    }
    needed
}

fn each_name(kind: &mut Type, act: &mut impl FnMut(&mut usize)) {
    match &mut kind.kind {
        Kind::Named(place) => act(place),
        Kind::List(inner, _) | Kind::Map(inner) => each_name(inner, act),
        Kind::Choice(_, choices) => {
            for choice in choices {
                each_name(choice, act);
            }
        }
        _ => {}
    }
}
