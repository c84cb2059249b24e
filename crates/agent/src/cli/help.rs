//! The help in French: headings, usage, and the two options that the parser brings along. Its complaints stay its own.

use clap::{Arg, ArgAction, Command};

/// What the help says, in which order.
const TEMPLATE: &str = "{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}";

/// The command line's words with their help in French.
pub(super) fn in_french(command: Command) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Affiche la version");
    with_headings(
        command
            .disable_version_flag(true)
            .disable_help_subcommand(true)
            .subcommand_value_name("COMMANDE")
            .subcommand_help_heading("Commandes ")
            .arg(version),
    )
}

fn with_headings(command: Command) -> Command {
    // A colon follows each heading, and French has a space before it.
    let heading = |arg: &Arg| if arg.is_positional() { "Arguments " } else { "Options " };
    command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Affiche cette aide"))
        .mut_args(|arg| {
            let heading = heading(&arg);
            arg.help_heading(heading)
        })
        .mut_subcommands(with_headings)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::Arguments;
    use super::*;

    #[test]
    fn help_of_every_command_is_in_french() {
        let mut command = in_french(Arguments::command());
        command.build();
        let mut texts = vec![command.render_help().to_string()];
        texts.extend(command.get_subcommands_mut().map(|sub| sub.render_long_help().to_string()));
        assert!(texts[0].contains("\nCommandes :\n"), "{}", texts[0]);
        for text in texts {
            assert!(text.contains("\nUsage : ") && text.contains("\nOptions :\n"), "{text}");
            assert!(text.contains("Affiche cette aide"), "{text}");
            for english in
                ["Print", "Usage:", "Options:", "Commands:", "Arguments:", "possible values", "COMMAND]", "COMMAND>"]
            {
                assert!(!text.contains(english), "{english} in {text}");
            }
        }
    }
}
