package dev.backdraft.spark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lists the options of a command in groups: those of a mixin whose name begins with a capital letter appear under that name.
 * Picocli's own argument groups have headings too, but take an option that is given twice for a second group, and forget the
 * first.
 */
final class GroupedHelp implements IHelpSectionRenderer {
    /** Shows the options of a command and of those below it like this. */
    static void install(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new GroupedHelp());
        command.getSubcommands().values().forEach(GroupedHelp::install);
    }

    @Override
    public String render(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put("", new ArrayList<>(help.commandSpec().options()));
        help.commandSpec().mixins().forEach((name, mixin) -> moveTo(groups, name, mixin));
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
            layout.addOptions(options, help.createDefaultParamLabelRenderer());
            text.append(heading.isEmpty() ? "" : "\n" + heading + ":\n").append(layout);
        });
        return text.toString();
    }

    private static void moveTo(Map<String, List<OptionSpec>> groups, String name, CommandSpec mixin) {
        if (Character.isUpperCase(name.charAt(0))) {
            Set<String> names =
                    mixin.options().stream().map(OptionSpec::longestName).collect(Collectors.toSet());
            List<OptionSpec> own = groups.get("");
            groups.put(
                    name,
                    own.stream()
                            .filter(option -> names.contains(option.longestName()))
                            .toList());
            own.removeIf(option -> names.contains(option.longestName()));
        }
        mixin.mixins().forEach((inner, options) -> moveTo(groups, inner, options));
    }
}
