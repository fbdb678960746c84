//! What a run that is stopped from outside (^C, SIGTERM) leaves behind: no file that is half written.

/// From here on such a signal takes away the files that wait for their names before it ends the program, which ends as whoever
/// started it expects: by that signal.
#[cfg(unix)]
pub(super) fn heed() {
    use std::process;
    use std::sync::Once;
    use std::thread;

    use phrase_lint::source;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static HEEDED: Once = Once::new();
    HEEDED.call_once(|| {
        // Where the system allows no such thing, the program ends as it did.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
        let handle = signals.handle();
        let wait = move || {
            if let Some(signal) = signals.forever().next() {
                source::abandon(|| {
                    let _ = emulate_default_handler(signal);
                    process::exit(128 + signal);
                });
            }
        };
        if thread::Builder::new().name("signals".to_owned()).spawn(wait).is_err() {
            handle.close();
        }
    });
}

/// Elsewhere a program that is stopped runs nothing of its own any more.
#[cfg(not(unix))]
pub(super) fn heed() {}
