//! Generated code, compiled and run: Pydantic, Zod, TypeScript and Rust take the samples that the schema takes.
#![allow(
    clippy::unwrap_used,
    reason = "what can't be set up fails the test that needs it"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rheostat_core::schema::print::{Language, print};
use rheostat_core::schema::validate::Judge;
use rheostat_tests::shapes::{Shape, shapes};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn require(path: &Path) {
    assert!(
        path.exists(),
        "{} is missing. Run `cargo xtask test`, which installs the packages and then runs every test.",
        path.display()
    );
}

fn printed(shape: &Shape, language: Language) -> String {
    print(&shape.schema, shape.name, language).unwrap().text
}

/// Every sample of a shape, in one order for all languages.
fn samples(shape: &Shape, with_rules: bool) -> Vec<String> {
    let rules = if with_rules {
        shape.beyond_rules.as_slice()
    } else {
        &[]
    };
    shape
        .good
        .iter()
        .chain(&shape.bad)
        .chain(rules)
        .map(Value::to_string)
        .collect()
}

fn expected(with_rules: bool) -> Value {
    let of = |shape: &Shape| -> Vec<bool> {
        (0..samples(shape, with_rules).len())
            .map(|index| index < shape.good.len())
            .collect()
    };
    json!(shapes().iter().map(of).collect::<Vec<_>>())
}

/// Writes the code of each shape into the folder, and says where it lies with its samples.
fn written(folder: &Path, language: Language, extension: &str, runs_as: &str) -> Value {
    let cases: Vec<Value> = shapes()
        .iter()
        .enumerate()
        .map(|(index, shape)| {
            let file = folder.join(format!("shape_{index}.{extension}"));
            std::fs::write(&file, printed(shape, language)).unwrap();
            json!({"file": file.with_extension(runs_as), "name": shape.name, "samples": samples(shape, true)})
        })
        .collect();
    json!(cases)
}

async fn run(program: OsString, arguments: &[&Path], input: &Value) -> String {
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that reads nothing may be gone before all is written.
    let _ = stdin.write_all(input.to_string().as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{} failed:\n{stdout}\n{}",
        program.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    stdout
}

#[test]
fn the_schemas_themselves_take_the_good_samples_and_no_others() {
    for shape in shapes() {
        let judge = Judge::new(&shape.schema).unwrap();
        let taken: Vec<bool> = samples(&shape, true)
            .iter()
            .map(|sample| judge.text(sample).is_empty())
            .collect();
        let wanted: Vec<bool> = (0..taken.len())
            .map(|index| index < shape.good.len())
            .collect();
        assert_eq!(taken, wanted, "{}", shape.name);
        assert_eq!(
            rheostat_core::schema::strict::check(&shape.schema).problems,
            [],
            "{}",
            shape.name
        );
    }
}

#[tokio::test]
async fn pydantic_models_take_the_same_samples() {
    let python = std::env::var_os("RHEOSTAT_SDK_PYTHON").map_or_else(
        || root().join("target/sdk-python/bin/python"),
        PathBuf::from,
    );
    require(&python);
    let folder = TempDir::new().unwrap();
    let cases = written(folder.path(), Language::Pydantic, "py", "py");
    let script = root().join("tests/sdk/python/judge.py");
    let stdout = run(python.into(), &[&script], &cases).await;
    let taken: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(taken, expected(true));
}

#[tokio::test]
async fn zod_schemas_and_typescript_types_take_the_same_samples() {
    let node = root().join("tests/sdk/node");
    let compiler = node.join("node_modules/typescript/bin/tsc");
    require(&compiler);
    require(&node.join("node_modules/zod/package.json"));
    // Beside the packages, for that is where a module looks for them.
    let folder = tempfile::Builder::new()
        .prefix(".generated-")
        .tempdir_in(&node)
        .unwrap();
    let cases = written(folder.path(), Language::Zod, "ts", "js");
    for (index, shape) in shapes().iter().enumerate() {
        let types = folder.path().join(format!("types_{index}.ts"));
        std::fs::write(types, printed(shape, Language::Typescript)).unwrap();
        let uses = folder.path().join(format!("uses_{index}.ts"));
        std::fs::write(uses, uses_of(shape, index)).unwrap();
    }
    let options = json!({
        "compilerOptions": {
            "strict": true, "target": "es2022", "module": "nodenext", "skipLibCheck": true,
            "types": [], "exactOptionalPropertyTypes": false,
        },
        "include": ["*.ts"],
    });
    std::fs::write(folder.path().join("tsconfig.json"), options.to_string()).unwrap();
    std::fs::write(folder.path().join("package.json"), r#"{"type": "module"}"#).unwrap();
    run(
        "node".into(),
        &[&compiler, Path::new("-p"), folder.path()],
        &Value::Null,
    )
    .await;
    let script = node.join("judge.mjs");
    let stdout = run("node".into(), &[&script], &cases).await;
    let taken: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(taken, expected(true));
}

/// A module that doesn't compile unless the types take the good samples and refuse the bad ones.
fn uses_of(shape: &Shape, index: usize) -> String {
    let name = shape.name;
    let mut text = format!("import type {{ {name} }} from \"./types_{index}.js\";\n");
    for (number, sample) in shape.good.iter().enumerate() {
        text += &format!("export const good_{number}: {name} = {sample};\n");
    }
    for (number, sample) in shape.bad.iter().enumerate() {
        text += &format!("// @ts-expect-error\nexport const bad_{number}: {name} = {sample};\n");
    }
    text
}

#[tokio::test]
async fn rust_types_compile_and_take_the_same_samples() {
    // Kept between runs, so that only the first one builds what the types need.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-rust");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nschemars = \"1.2\"\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    // The same versions as our own, which are here already: nothing is fetched.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut main = String::from("#![deny(warnings)]\n#![allow(dead_code)]\n");
    let mut calls = String::new();
    for (index, shape) in shapes().iter().enumerate() {
        let module = folder.join(format!("src/shape_{index}.rs"));
        std::fs::write(module, printed(shape, Language::Rust)).unwrap();
        main += &format!("mod shape_{index};\n");
        calls += &format!(
            "    taken.push(cases[{index}].iter().map(|sample| serde_json::from_str::<shape_{index}::{name}>(sample).is_ok()).collect::<Vec<_>>());\n    schemas.push(schemars::schema_for!(shape_{index}::{name}));\n",
            name = shape.name
        );
    }
    main += &format!(
        "\nfn main() {{\n    let cases: Vec<Vec<String>> = serde_json::from_reader(std::io::stdin()).unwrap();\n    let (mut taken, mut schemas) = (Vec::new(), Vec::new());\n{calls}    println!(\"{{}}\", serde_json::to_string(&(taken, schemas)).unwrap());\n}}\n"
    );
    std::fs::write(folder.join("src/main.rs"), main).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = folder.join("Cargo.toml");
    let target = folder.join("target");
    let arguments = [
        Path::new("run"),
        Path::new("--offline"),
        Path::new("--quiet"),
        Path::new("--manifest-path"),
        &manifest,
        Path::new("--target-dir"),
        &target,
    ];
    let input: Vec<Vec<String>> = shapes().iter().map(|shape| samples(shape, false)).collect();
    let stdout = run(cargo, &arguments, &json!(input)).await;
    let (taken, schemas): (Value, Vec<Value>) = serde_json::from_str(&stdout).unwrap();
    assert_eq!(taken, expected(false));
    // The schemas that schemars writes for the types say the same again, rules and all.
    let judged: Vec<Vec<bool>> = shapes()
        .iter()
        .zip(&schemas)
        .map(|(shape, schema)| {
            let judge = Judge::new(schema).unwrap();
            samples(shape, true)
                .iter()
                .map(|sample| judge.text(sample).is_empty())
                .collect()
        })
        .collect();
    assert_eq!(json!(judged), expected(true));
}
