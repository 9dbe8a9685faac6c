package org.touchline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the YAML of a template into maps, lists and plain values; a short form ({@code !Sub x}) becomes its long form. */
final class TemplateYaml {
    /** SnakeYAML's limits guard against hostile files; a template names one anchor on each of its functions and routes. */
    private static final int MAX_ALIASES = 10_000;

    private TemplateYaml() {}

    static TemplateNode read(Path file) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        try (var reader = Files.newBufferedReader(file)) {
            return new TemplateNode("", new Yaml(new ShortForms(options)).load(reader));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the template " + file, e);
        } catch (YAMLException e) {
            throw new TemplateException(file.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static final class ShortForms extends SafeConstructor {
        ShortForms(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put("!", new LongForm());
            // A version such as 2012-10-17 is text to CloudFormation.
            yamlConstructors.put(Tag.TIMESTAMP, new ConstructYamlStr());
        }

        /** Keys are text: YAML itself would make false of a resource called Off. */
        @Override
        protected void flattenMapping(MappingNode node) {
            for (var entry : node.getValue()) {
                var key = entry.getKeyNode();
                if (key instanceof ScalarNode && !key.getTag().equals(Tag.MERGE)) {
                    key.setTag(Tag.STR);
                }
            }
            super.flattenMapping(node);
        }

        private final class LongForm extends AbstractConstruct {
            @Override
            public Object construct(Node node) {
                var name = node.getTag().getValue().substring(1);
                Object argument = switch (node) {
                    case ScalarNode scalar -> constructScalar(scalar);
                    case SequenceNode sequence -> constructSequence(sequence);
                    case MappingNode mapping -> constructMapping(mapping);
                    default -> throw new YAMLException("unexpected " + node);
                };
                var key = name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
                return Map.of(key, argument);
            }
        }
    }
}
