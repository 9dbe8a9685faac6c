package org.touchline.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.touchline.embedded.ResolvedTemplate.Resource;
import org.touchline.embedded.Template.Secret;

/** Reads the secrets of a template, and makes the values that CloudFormation would generate. */
final class TemplateSecrets {
    static final String TYPE = "AWS::SecretsManager::Secret";

    private static final int DEFAULT_PASSWORD_LENGTH = 32;
    private static final Map<String, String> CHARACTERS_BY_EXCLUSION = Map.of(
            "ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz",
            "ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "ExcludeNumbers", "0123456789",
            "ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
    private static final JsonMapper JSON = new JsonMapper();

    private final ResolvedTemplate template;
    private final RandomGenerator random;

    TemplateSecrets(ResolvedTemplate template, RandomGenerator random) {
        this.template = template;
        this.random = random;
    }

    List<Secret> read() {
        return template.ofType(TYPE).stream().map(this::secret).toList();
    }

    private Secret secret(Resource resource) {
        var references = template.references();
        var properties = resource.properties();
        return new Secret(
                resource.logicalId(),
                references.name(resource.logicalId()),
                references.arn(resource.logicalId(), properties.place()),
                properties.find("SecretString").map(TemplateNode::text).orElseGet(() -> generate(properties)));
    }

    private String generate(TemplateNode properties) {
        var generate = properties.at("GenerateSecretString");
        var password = password(generate);
        var key = generate.find("GenerateStringKey").map(TemplateNode::text);
        return key.isEmpty() ? password : into(generate.at("SecretStringTemplate"), key.get(), password);
    }

    private static String into(TemplateNode jsonTemplate, String key, String password) {
        try {
            if (JSON.readTree(jsonTemplate.text()) instanceof ObjectNode object) {
                return object.put(key, password).toString();
            }
        } catch (JsonProcessingException e) {
            // Refused below, like JSON of another kind.
        }
        throw jsonTemplate.unexpected("a JSON object");
    }

    /** At least one character of each kind, as CloudFormation makes it unless told otherwise. */
    private String password(TemplateNode generate) {
        var kinds = kinds(generate);
        var alphabet = String.join("", kinds);
        var length = generate.find("PasswordLength").map(TemplateNode::integer).orElse(DEFAULT_PASSWORD_LENGTH);
        if (length < kinds.size() || kinds.isEmpty()) {
            throw new TemplateException(generate.place(), "no password can be made of this");
        }
        while (true) {
            var password = random.ints(length, 0, alphabet.length())
                    .map(alphabet::charAt)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            if (kinds.stream().allMatch(kind -> password.chars().anyMatch(c -> kind.indexOf(c) >= 0))) {
                return password;
            }
        }
    }

    private static List<String> kinds(TemplateNode generate) {
        var excluded =
                generate.find("ExcludeCharacters").map(TemplateNode::text).orElse("");
        var kinds = new ArrayList<String>();
        CHARACTERS_BY_EXCLUSION.forEach((exclusion, characters) -> {
            if (!isSet(generate, exclusion)) {
                kinds.add(characters);
            }
        });
        if (isSet(generate, "IncludeSpace")) {
            kinds.add(" ");
        }
        return kinds.stream()
                .map(kind -> kind.codePoints()
                        .filter(character -> excluded.indexOf(character) < 0)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .filter(kind -> !kind.isEmpty())
                .toList();
    }

    private static boolean isSet(TemplateNode generate, String option) {
        return generate.find(option).map(TemplateNode::flag).orElse(false);
    }
}
