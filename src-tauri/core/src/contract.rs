//! The one list of what a face may ask of the engine. It yields the dispatcher and the TypeScript.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

use crate::error::{Error, ErrorCode, Result};
use crate::ops;
use crate::workbench::Workbench;

/// Where the items of a stream go, as JSON text. Called from any thread, in order.
pub type Sink = std::sync::Arc<dyn Fn(String) + Send + Sync>;

/// A typed sink: what a streaming verb holds.
pub struct Emit<T> {
    sink: Sink,
    item: std::marker::PhantomData<fn(T)>,
}

impl<T: Serialize> Emit<T> {
    pub fn new(sink: Sink) -> Self {
        Self {
            sink,
            item: std::marker::PhantomData,
        }
    }

    pub fn send(&self, item: &T) {
        match serde_json::to_string(item) {
            Ok(json) => (self.sink)(json),
            Err(error) => tracing::error!(%error, "a stream item could not be written as JSON"),
        }
    }
}

macro_rules! contract {
    (
        calls { $( $call:ident($call_in:ident) -> $call_out:ident; )* }
        streams { $( $stream:ident($stream_in:ident) -> $stream_out:ident, $item:path; )* }
    ) => {
        /// Runs the command called `name`. Streams send their items to `sink` while they run.
        ///
        /// # Errors
        /// `UnknownCommand`, `BadInput` with the place in the input, and whatever the command fails with.
        pub async fn dispatch(bench: &Workbench, name: &str, input: Value, sink: Sink) -> Result<Value> {
            match name {
                $( stringify!($call) => {
                    let input: ops::$call::$call_in = read(name, input)?;
                    write(&ops::$call::run(bench, input).await?)
                } )*
                $( stringify!($stream) => {
                    let input: ops::$stream::$stream_in = read(name, input)?;
                    write(&ops::$stream::run(bench, input, Emit::<$item>::new(sink)).await?)
                } )*
                _ => Err(Error::new(ErrorCode::UnknownCommand, format!("There is no command called {name:?}"))),
            }
        }

        /// The names of all commands, in the order of the list.
        pub const COMMANDS: &[&str] = &[$( stringify!($call), )* $( stringify!($stream), )*];

        /// The whole contract as one TypeScript file.
        ///
        /// # Errors
        /// Two types of one name: the second would overwrite the first without a word.
        pub fn typescript() -> Result<String> {
            let mut types = Types::default();
            types.visit::<Error>();
            let mut calls = String::new();
            $(
                types.visit::<ops::$call::$call_in>();
                types.visit::<ops::$call::$call_out>();
                calls += &format!("  {}: {{ input: {}; output: {} }};\n", stringify!($call),
                    types.name::<ops::$call::$call_in>(), types.name::<ops::$call::$call_out>());
            )*
            let mut streams = String::new();
            $(
                types.visit::<ops::$stream::$stream_in>();
                types.visit::<ops::$stream::$stream_out>();
                types.visit::<$item>();
                streams += &format!("  {}: {{ input: {}; output: {}; item: {} }};\n", stringify!($stream),
                    types.name::<ops::$stream::$stream_in>(), types.name::<ops::$stream::$stream_out>(), types.name::<$item>());
            )*
            types.file(&calls, &streams)
        }
    };
}

contract! {
    calls {
        open_workbench(OpenWorkbenchInput) -> OpenWorkbenchOutput;
        read_request(ReadRequestInput) -> ReadRequestOutput;
        save_request(SaveRequestInput) -> SaveRequestOutput;
        create_request(CreateRequestInput) -> CreateRequestOutput;
        list_requests(ListRequestsInput) -> ListRequestsOutput;
        find_requests(FindRequestsInput) -> FindRequestsOutput;
        create_folder(CreateFolderInput) -> CreateFolderOutput;
        read_folder(ReadFolderInput) -> ReadFolderOutput;
        save_folder(SaveFolderInput) -> SaveFolderOutput;
        move_item(MoveItemInput) -> MoveItemOutput;
        rename_item(RenameItemInput) -> RenameItemOutput;
        duplicate_item(DuplicateItemInput) -> DuplicateItemOutput;
        delete_item(DeleteItemInput) -> DeleteItemOutput;
        restore_item(RestoreItemInput) -> RestoreItemOutput;
        give_new_id(GiveNewIdInput) -> GiveNewIdOutput;
        changed_items(ChangedItemsInput) -> ChangedItemsOutput;
        list_versions(ListVersionsInput) -> ListVersionsOutput;
        read_version(ReadVersionInput) -> ReadVersionOutput;
        diff_versions(DiffVersionsInput) -> DiffVersionsOutput;
        restore_version(RestoreVersionInput) -> RestoreVersionOutput;
        list_parameters(ListParametersInput) -> ListParametersOutput;
        lint_request(LintRequestInput) -> LintRequestOutput;
        look_over_request(LookOverRequestInput) -> LookOverRequestOutput;
        fix_request(FixRequestInput) -> FixRequestOutput;
        translate_request(TranslateRequestInput) -> TranslateRequestOutput;
        copy_request(CopyRequestInput) -> CopyRequestOutput;
        paste_request(PasteRequestInput) -> PasteRequestOutput;
        request_figures(RequestFiguresInput) -> RequestFiguresOutput;
        import_preview(ImportPreviewInput) -> ImportPreviewOutput;
        import_files(ImportFilesInput) -> ImportFilesOutput;
        undo_import(UndoImportInput) -> UndoImportOutput;
        export_requests(ExportRequestsInput) -> ExportRequestsOutput;
        write_export(WriteExportInput) -> WriteExportOutput;
        last_run(LastRunInput) -> LastRunOutput;
        last_comparison(LastComparisonInput) -> LastComparisonOutput;
        list_history(ListHistoryInput) -> ListHistoryOutput;
        read_history_run(ReadHistoryRunInput) -> ReadHistoryRunOutput;
        list_events(ListEventsInput) -> ListEventsOutput;
        read_event(ReadEventInput) -> ReadEventOutput;
        set_connection(SetConnectionInput) -> SetConnectionOutput;
        list_environments(ListEnvironmentsInput) -> ListEnvironmentsOutput;
        read_environment(ReadEnvironmentInput) -> ReadEnvironmentOutput;
        save_environment(SaveEnvironmentInput) -> SaveEnvironmentOutput;
        delete_environment(DeleteEnvironmentInput) -> DeleteEnvironmentOutput;
        confirm_production(ConfirmProductionInput) -> ConfirmProductionOutput;
        list_variables(ListVariablesInput) -> ListVariablesOutput;
        set_key(SetKeyInput) -> SetKeyOutput;
        forget_key(ForgetKeyInput) -> ForgetKeyOutput;
        check_key(CheckKeyInput) -> CheckKeyOutput;
        codex_status(CodexStatusInput) -> CodexStatusOutput;
        use_codex_key(UseCodexKeyInput) -> UseCodexKeyOutput;
        stop_run(StopRunInput) -> StopRunOutput;
        count_tokens(CountTokensInput) -> CountTokensOutput;
        attach_file(AttachFileInput) -> AttachFileOutput;
        list_attachments(ListAttachmentsInput) -> ListAttachmentsOutput;
        preview_file(PreviewFileInput) -> PreviewFileOutput;
        forecast_run(ForecastRunInput) -> ForecastRunOutput;
        set_budget(SetBudgetInput) -> SetBudgetOutput;
        arm_live(ArmLiveInput) -> ArmLiveOutput;
        mock_state(MockStateInput) -> MockStateOutput;
        set_mock(SetMockInput) -> SetMockOutput;
        set_mock_rules(SetMockRulesInput) -> SetMockRulesOutput;
        pin_mock(PinMockInput) -> PinMockOutput;
        save_as_mock(SaveAsMockInput) -> SaveAsMockOutput;
        remove_recording(RemoveRecordingInput) -> RemoveRecordingOutput;
        restore_recording(RestoreRecordingInput) -> RestoreRecordingOutput;
        list_mock_log(ListMockLogInput) -> ListMockLogOutput;
        read_mock_entry(ReadMockEntryInput) -> ReadMockEntryOutput;
        clear_mock_log(ClearMockLogInput) -> ClearMockLogOutput;
        check_schema(CheckSchemaInput) -> CheckSchemaOutput;
        fix_schema(FixSchemaInput) -> FixSchemaOutput;
        infer_schema(InferSchemaInput) -> InferSchemaOutput;
        print_schema(PrintSchemaInput) -> PrintSchemaOutput;
        validate_output(ValidateOutputInput) -> ValidateOutputOutput;
        schema_pass_strip(SchemaPassStripInput) -> SchemaPassStripOutput;
        run_output(RunOutputInput) -> RunOutputOutput;
        list_schemas(ListSchemasInput) -> ListSchemasOutput;
        read_schema(ReadSchemaInput) -> ReadSchemaOutput;
        save_schema(SaveSchemaInput) -> SaveSchemaOutput;
        create_schema(CreateSchemaInput) -> CreateSchemaOutput;
        rename_schema(RenameSchemaInput) -> RenameSchemaOutput;
        duplicate_schema(DuplicateSchemaInput) -> DuplicateSchemaOutput;
        delete_schema(DeleteSchemaInput) -> DeleteSchemaOutput;
        measure_schema(MeasureSchemaInput) -> MeasureSchemaOutput;
    }
    streams {
        send(SendInput) -> SendOutput, crate::run::patch::RunPatch;
        continue_run(ContinueRunInput) -> ContinueRunOutput, crate::run::patch::RunPatch;
        compare_efforts(CompareEffortsInput) -> CompareEffortsOutput, crate::run::patch::RunPatch;
        watch_workspace(WatchWorkspaceInput) -> WatchWorkspaceOutput, crate::workspace::listing::TreeNews;
        watch_history(WatchHistoryInput) -> WatchHistoryOutput, ops::watch_history::HistoryNews;
        watch_mock_log(WatchMockLogInput) -> WatchMockLogOutput, ops::watch_mock_log::MockNews;
        mock_drift(MockDriftInput) -> MockDriftOutput, crate::run::patch::RunPatch;
    }
}

fn read<T: DeserializeOwned>(name: &str, input: Value) -> Result<T> {
    serde_json::from_value(input).map_err(|error| {
        Error::new(
            ErrorCode::BadInput,
            format!("The input of {name} does not fit: {error}"),
        )
        .place(name.to_owned())
    })
}

fn write<T: Serialize>(output: &T) -> Result<Value> {
    serde_json::to_value(output)
        .map_err(|error| Error::internal("An output could not be written as JSON", error))
}

/// Collects the declarations of all types that the contract mentions, each once.
#[derive(Default)]
struct Types {
    declarations: std::collections::BTreeMap<String, (std::any::TypeId, String)>,
    clashes: Vec<String>,
}

impl Types {
    fn config() -> Config {
        // Every count, time and amount of ours stays below 2^53, where a JavaScript number is exact.
        Config::new().with_large_int("number")
    }

    fn name<T: TS + 'static + ?Sized>(&self) -> String {
        T::name(&Self::config())
    }

    fn file(self, calls: &str, streams: &str) -> Result<String> {
        if !self.clashes.is_empty() {
            return Err(Error::new(
                ErrorCode::Internal,
                format!("Two types share a name: {}", self.clashes.join(", ")),
            ));
        }
        let types: String = self
            .declarations
            .into_values()
            .map(|(_, text)| text + "\n\n")
            .collect();
        Ok(format!(
            "// Written by `cargo xtask gen` from src-tauri/core/src/contract.rs. Do not edit.\n\n{types}\
             /** Commands that answer once. */\nexport interface Calls {{\n{calls}}}\n\n\
             /** Commands that send items while they run, and answer at the end. */\nexport interface Streams {{\n{streams}}}\n"
        ))
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let config = Self::config();
        // Only our own types have a file of their own to go to; built-in ones are written in place.
        if T::output_path().is_some() {
            let ident = T::ident(&config);
            let id = std::any::TypeId::of::<T>();
            if let Some((known, _)) = self.declarations.get(&ident) {
                if *known != id {
                    self.clashes.push(ident);
                }
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.declarations
                .insert(ident, (id, format!("{docs}export {}", T::decl(&config))));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generated_file_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/contract/ipc.ts");
        let known = std::fs::read_to_string(path).unwrap();
        assert!(
            known == typescript().unwrap(),
            "ui/src/contract/ipc.ts is stale: run `cargo xtask gen`"
        );
    }
}
